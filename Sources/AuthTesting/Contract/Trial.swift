internal import AuthCore

/// One check of one clause: the store under test, and the steps that clauses are made of.
struct Trial: Sendable {
  /// As the clause describes itself.
  let clause: String
  let fixture: any StoreFixture
  let store: any AuthStore
}

extension Trial {
  func reopened() async throws -> any AuthStore {
    try await fixture.open()
  }

  func addUser(_ address: String, hash: PasswordHash = Samples.hash) async throws -> User {
    try await store.addUser(email: Samples.email(address), hashedPassword: hash)
  }

  func user(_ id: User.ID) async throws -> User {
    try await store.findUser(by: .id(id))
  }

  func addSession(_ session: Session, limit: Int = 20, at now: Timestamp = Samples.now) async throws {
    let isAdded = try await store.addSession(session, limit: limit, live: Samples.live(at: now), ifPassword: nil, replacing: nil)
    try expect(isAdded, is: true, "adding a session with no condition on the password")
  }

  /// Whether the session is there, expired or not.
  func isStored(_ session: Session) async throws -> Bool {
    try await findSession(session.id, in: Samples.everySession) != nil
  }

  /// What the store, or an opening of its storage, says of the session, in both of its ways.
  func findSession(
    _ id: TokenDigest, of opening: (any AuthStore)? = nil, in live: Session.Cutoff
  ) async throws -> (session: Session, user: User)? {
    let store = opening ?? store
    let found = try await store.findSession(id, in: live)
    let (profile, lastUsedAt) = try await store.findProfile(for: id, in: live) ?? (nil, nil)
    try expect(profile, is: found?.user.profile, "the profile of the session's user")
    try expect(lastUsedAt, is: found?.session.lastUsedAt, "the last use that comes with the profile")
    return found
  }

  /// Adds a user with a session and a reset token, and returns all three as they are stored.
  func addFullUser(_ name: String) async throws -> (user: User, session: Session, token: ResetToken.Record) {
    let user = try await addUser("\(name)@me.com", hash: PasswordHash("hash of \(name)"))
    let session = Samples.session("session of \(name)", of: user)
    let token = Samples.resetToken("reset token of \(name)")
    try await addSession(session)
    _ = try await store.addResetToken(token, for: user.email)
    return (try await self.user(user.id), session, token)
  }

  /// Changes the password to ``Samples/newHash``.
  func changePassword(
    of user: User, renewing old: Session, as new: Session, endingOthers: Bool = false
  ) async throws -> Bool {
    try await store.changePassword(
      of: user.id, user.hashedPassword, to: Samples.newHash, renewing: old.id, as: new, endingOthers: endingOthers)
  }

  /// Counts failures of each key, so that its counter has this count and time.
  func count(_ counters: [Throttle.Counter], for keys: [Throttle.Key]) async throws {
    for (key, counter) in zip(keys, counters) { try await store.count(counter.count, for: key, at: counter.lastAt) }
  }

  /// Takes all requests in hand that are due by `now`, in the order in which the store gives them.
  func claimAll(
    at now: Timestamp = Samples.now, until deadline: Timestamp = Samples.now + Samples.hour
  ) async throws -> [OutboxMessage.ID] {
    var ids: [OutboxMessage.ID] = []
    while let request = try await store.claimMessage(now: now, until: deadline) {
      ids.append(request.id)
      // More than any clause adds: a store that hands out the same for ever is caught, not waited for.
      guard ids.count < 1_000 else { break }
    }
    return ids
  }

  /// Runs all operations as nearly at once as can be, on two openings of the storage, and returns their outcomes in order.
  func atOnce<Answer: Sendable>(
    _ count: Int, _ operation: @escaping @Sendable (Int, any AuthStore) async throws(StoreError) -> Answer
  ) async throws -> [Result<Answer, StoreError>] {
    let stores = [store, try await reopened()]
    let line = StartingLine(for: count)
    return await withTaskGroup { group in
      for index in 0..<count {
        group.addTask {
          await line.waitForAll()
          do throws(StoreError) {
            return (index, Result<Answer, StoreError>.success(try await operation(index, stores[index % 2])))
          } catch {
            return (index, .failure(error))
          }
        }
      }
      var outcomes: [(Int, Result<Answer, StoreError>)] = []
      for await outcome in group { outcomes.append(outcome) }
      return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}
