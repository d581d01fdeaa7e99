internal import AuthCore

/// One check of one clause: the store under test, and the steps that clauses share.
struct Trial: Sendable {
  let clause: StoreContract.Clause.ID
  let fixture: any StoreFixture
  let store: any AuthStore
}

extension Trial {
  func reopened() async throws -> any AuthStore {
    try await fixture.open()
  }

  func addUser(_ email: String, hash: PasswordHash = Samples.hash) async throws -> User {
    try await store.addUser(email: Samples.email(email), hashedPassword: hash)
  }

  func user(_ id: User.ID) async throws -> User {
    try await store.findUser(by: .id(id))
  }

  func addSession(_ session: Session, limit: Int = 20, at now: Timestamp = Samples.now) async throws {
    let isAdded = try await store.addSession(session, limit: limit, live: Samples.live(at: now), ifPassword: nil, replacing: nil)
    try expect(isAdded, is: true, "adding a session with no condition on the password")
  }

  /// Whether the session is stored, expired or not.
  func isStored(_ session: Session) async throws -> Bool {
    try await findSession(session.id, in: Samples.everySession) != nil
  }

  /// The session, as the store or another opening of its storage finds it. Its user and profile must agree.
  func findSession(
    _ id: TokenDigest, of opening: (any AuthStore)? = nil, in live: Session.Cutoff
  ) async throws -> (session: Session, user: User)? {
    let store = opening ?? store
    let found = try await store.findSession(id, in: live)
    let (user, usedAt) = try await store.findUser(withSession: id, in: live) ?? (nil, nil)
    try expect(user, is: found?.user, "the session's user, found without the session")
    try expect(usedAt, is: found?.session.lastUsedAt, "the last use that comes with the user")
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

  /// Uses the reset token, setting ``Samples/newHash``.
  func consume(
    _ token: ResetToken.Record, at now: Timestamp = Samples.now, endingSessions: Bool = false
  ) async throws -> Bool {
    try await store.consumeResetToken(
      token.id, now: now, settingPassword: Samples.newHash, endingSessions: endingSessions)
  }

  /// Changes the password to ``Samples/newHash``.
  func changePassword(
    of user: User, renewing old: Session, as new: Session, endingOthers: Bool = false
  ) async throws -> Bool {
    try await store.changePassword(
      of: user.id, user.hashedPassword, to: Samples.newHash, renewing: old.id, as: new, endingOthers: endingOthers)
  }

  /// Counts failures of each key until its counter has this count, with this time.
  func count(_ counters: [Throttle.Counter], for keys: [Throttle.Key]) async throws {
    for (key, counter) in zip(keys, counters) { try await store.count(counter.count, for: key, at: counter.lastAt) }
  }

  /// Claims the message that has been due longest.
  func claim() async throws -> OutboxMessage? {
    try await store.claimMessage(now: Samples.now, until: Samples.now + Samples.hour)
  }

  /// Claims all messages that are due by `now`, and returns their ids in the order of the claims.
  func claimAll(
    at now: Timestamp = Samples.now, until deadline: Timestamp = Samples.now + Samples.hour
  ) async throws -> [OutboxMessage.ID] {
    var ids: [OutboxMessage.ID] = []
    while let message = try await store.claimMessage(now: now, until: deadline) {
      ids.append(message.id)
      guard ids.count < Self.mostMessages else { break }
    }
    return ids
  }

  /// Claims and removes all messages, also those that are not due, and returns them in the order of the claims.
  func takeAll() async throws -> [OutboxMessage] {
    var messages: [OutboxMessage] = []
    while let message = try await store.claimMessage(now: .distantFuture, until: .distantFuture) {
      messages.append(message)
      try await store.removeMessage(message.id)
      guard messages.count < Self.mostMessages else { break }
    }
    return messages
  }

  /// More than any clause adds: a store that returns one message for ever must fail the check, not hang it.
  private static var mostMessages: Int { 1_000 }

  /// Runs the operation `count` times as nearly at once as possible, on two openings of the storage, and returns the outcomes in
  /// order.
  func atOnce<Value: Sendable>(
    _ count: Int, _ operation: @escaping @Sendable (Int, any AuthStore) async throws(StoreError) -> Value
  ) async throws -> [Result<Value, StoreError>] {
    let stores = [store, try await reopened()]
    let line = StartingLine(for: count)
    return await withTaskGroup { group in
      for index in 0..<count {
        group.addTask {
          await line.waitForAll()
          do throws(StoreError) {
            return (index, Result<Value, StoreError>.success(try await operation(index, stores[index % 2])))
          } catch {
            return (index, .failure(error))
          }
        }
      }
      var outcomes: [(Int, Result<Value, StoreError>)] = []
      for await outcome in group { outcomes.append(outcome) }
      return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}
