import AuthCore
import AuthTesting
import Synchronization
import Testing

@Suite struct InterceptingStoreTests {
  private typealias Operation = InterceptingStore.Operation

  private static let email = Email(stored: "bob@me.com")
  private static let hash = PasswordHash("a hash")
  private static let now = Timestamp(secondsSince1970: 1_700_000_000)
  private static let live = Session.Cutoff(expiringAfter: .distantPast, usedAfter: .distantPast)
  private static let digest = TokenDigest(hex: "a digest")
  private static let session = Session(id: digest, userID: 1, createdAt: now, lastUsedAt: now, expiresAt: now + .seconds(60))
  private static let message = OutboxMessage(id: "a message", kind: .passwordReset, email: email, createdAt: now)

  /// Every operation, as a call that succeeds in the order of the list, beginning with an empty store.
  private static let calls: [(Operation, @Sendable (any AuthStore) async throws(StoreError) -> Void)] = [
    (.addUser, { store throws(StoreError) in _ = try await store.addUser(email: email, hashedPassword: hash) }),
    (.findUser, { store throws(StoreError) in _ = try await store.findUser(by: [.id(1)]) }),
    (.findUserAndCounters, { store throws(StoreError) in _ = try await store.findUser(email: email, counters: []) }),
    (.updateUser, { store throws(StoreError) in try await store.updateUser(1, [.hashedPassword(hash)]) }),
    (
      .replaceHashedPassword,
      { store throws(StoreError) in _ = try await store.replaceHashedPassword(of: 1, hash, with: hash) }
    ),
    (
      .addSession,
      { store throws(StoreError) in
        _ = try await store.addSession(
          session, limit: 1, live: live, ifPassword: nil, replacing: nil, settling: nil)
      }
    ),
    (.findSession, { store throws(StoreError) in _ = try await store.findSession(digest, in: live) }),
    (.findProfile, { store throws(StoreError) in _ = try await store.findProfile(for: digest, in: live) }),
    (.findSessions, { store throws(StoreError) in _ = try await store.findSessions(of: 1, in: live) }),
    (.touchSession, { store throws(StoreError) in try await store.touchSession(digest, at: now) }),
    (
      .changePassword,
      { store throws(StoreError) in
        _ = try await store.changePassword(
          of: 1, hash, to: hash, renewing: digest, as: session, endingOthers: true, notice: nil)
      }
    ),
    (.endSession, { store throws(StoreError) in _ = try await store.endSession(digest, in: live) }),
    (.endSessions, { store throws(StoreError) in _ = try await store.endSessions(.all, of: 1, in: live) }),
    (
      .addResetToken,
      { store throws(StoreError) in
        _ = try await store.addResetToken(
          ResetToken.Record(id: digest, createdAt: now, expiresAt: now + .seconds(60)), for: email)
      }
    ),
    (.findResetToken, { store throws(StoreError) in _ = try await store.findUser(withResetToken: digest, now: now) }),
    (
      .consumeResetToken,
      { store throws(StoreError) in
        _ = try await store.consumeResetToken(ResetToken.Use(digest, at: now, settingPassword: hash, endingSessions: true))
      }
    ),
    (.addMessage, { store throws(StoreError) in _ = try await store.addMessage(message, limit: 1) }),
    (.claimMessage, { store throws(StoreError) in _ = try await store.claimMessage(now: now, until: now + .seconds(1)) }),
    (.postponeMessage, { store throws(StoreError) in try await store.postponeMessage(message.id, until: now) }),
    (.removeMessage, { store throws(StoreError) in try await store.removeMessage(message.id) }),
    (.findCounters, { store throws(StoreError) in _ = try await store.findCounters(of: []) }),
    (.settle, { store throws(StoreError) in _ = try await store.settle(Throttle.Attempt([], memory: .zero, at: now)) }),
    (
      .purge,
      { store throws(StoreError) in _ = try await store.purge(Purge.Scope(live: live, countersBefore: now, limit: 1)) }
    ),
    (.deleteUser, { store throws(StoreError) in _ = try await store.deleteUser(1, ifPassword: hash) }),
  ]

  @Test func `the hook sees every operation under its own name, once`() async throws {
    let seen = Mutex<[Operation]>([])
    let store = InterceptingStore { operation in seen.withLock { $0.append(operation) } }
    for (_, call) in Self.calls { try await call(store) }
    #expect(seen.withLock { $0 } == Self.calls.map(\.0))
    #expect(Set(seen.withLock { $0 }) == .all)
  }

  @Test func `an operation that is to fail does not run, and all others do`() async throws {
    for failing in Operation.allCases {
      let ran = Mutex<[Operation]>([])
      let base = InterceptingStore { operation in ran.withLock { $0.append(operation) } }
      let store = InterceptingStore(base, failing: failing, reason: "no disk")
      for (operation, call) in Self.calls {
        guard operation == failing else {
          // Some find nothing where an earlier operation failed.
          try? await call(store)
          continue
        }
        await #expect(throws: StoreError.unavailable("no disk")) { try await call(store) }
      }
      #expect(ran.withLock { $0 } == Self.calls.map(\.0).filter { $0 != failing })
    }
  }

  @Test func `an error of the hook takes the place of the operation`() async throws {
    let base = InMemoryStore()
    let store = InterceptingStore(base) { operation throws(StoreError) in
      if operation == .addUser { throw .emailTaken }
    }
    await #expect(throws: StoreError.emailTaken) { try await store.addUser(email: Self.email, hashedPassword: Self.hash) }
    await #expect(throws: StoreError.noResultFound) { try await base.findUser(by: []) }
  }

  @Test func `a store that fails midway keeps what it has, and works again once it recovers`() async throws {
    let store = InterceptingStore()
    let user = try await store.addUser(email: Self.email, hashedPassword: Self.hash)
    store.fail(.writes)
    #expect(try await store.findUser(by: .id(user.id)) == user)
    await #expect(throws: StoreError.unavailable(InterceptingStore.defaultReason)) {
      try await store.deleteUser(user.id, ifPassword: Self.hash)
    }
    store.fail(.all, reason: "unreadable")
    await #expect(throws: StoreError.unavailable("unreadable")) { try await store.findUser(by: .id(user.id)) }
    store.recover()
    #expect(try await store.deleteUser(user.id, ifPassword: Self.hash))
  }

  @Test func `operations that only read are not writes`() {
    let reads: Set<Operation> = [
      .findUser, .findUserAndCounters, .findSession, .findProfile, .findSessions, .findResetToken, .findCounters,
    ]
    #expect(Set.writes == Set.all.subtracting(reads))
  }
}
