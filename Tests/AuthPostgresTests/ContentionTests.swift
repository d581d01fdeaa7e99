#if Postgres
import AuthCore
import AuthPostgres
import AuthTesting
import Foundation
import TestPrograms
import Testing

/// What operations do that want the same rows at the same moment, on several stores.
@Suite struct ContentionTests {
  private let now = Timestamp(secondsSince1970: 1_700_000_000)
  private var live: Session.Cutoff { Session.Cutoff(expiringAfter: now, usedAfter: .distantPast) }

  private func session(_ id: TokenDigest, of user: User) -> Session {
    Session(id: id, userID: user.id, createdAt: now, lastUsedAt: now, expiresAt: now + .seconds(3600))
  }

  private func randomDigest() -> TokenDigest { SessionID("\(UInt64.random(in: 0 ... .max))").digest }

  private func attempt(_ isSuccess: Bool) -> Throttle.Attempt {
    var limits = ["a", "b", "c", "d"].map { digest in
      Throttle.Attempt.Limit(key: Throttle.Key(.loginEmail, digest: digest), throttle: .unlimited, isOfNetwork: false)
    }
    limits.shuffle()
    return Throttle.Attempt(Array(limits.prefix(2)), memory: .seconds(3600), isSuccess: isSuccess, at: now)
  }

  /// Runs operations on two users, many at once and on two stores, and returns the log of the database.
  private func contend(
    _ operation: @escaping @Sendable (_ users: [User], _ own: inout TokenDigest, _ store: PostgresStore) async throws -> Void
  ) async throws -> String {
    let server = try await PostgresServer()
    var configuration = try server.configuration(schema: "auth")
    configuration.writeConnections = 8
    let stores = [try await PostgresStore(configuration), try await PostgresStore(configuration)]
    var users: [User] = []
    for index in 1...2 {
      users.append(try await stores[0].addUser(email: Email("user\(index)@me.com"), hashedPassword: PasswordHash("hash")))
    }
    try await withThrowingTaskGroup { [users] group in
      for worker in 0..<32 {
        group.addTask {
          var own = randomDigest()
          for _ in 1...200 { try await operation(users, &own, stores[worker % 2]) }
        }
      }
      try await group.waitForAll()
    }
    for store in stores { await store.close() }
    return try String(contentsOfFile: server.directory + "/server.log", encoding: .utf8)
  }

  @Test func `operations in any order never wait for each other in a circle`() async throws {
    let log = try await contend { try await change($0, with: &$1, in: $2) }
    // A deadlock is one of them.
    #expect(!log.contains("ERROR"), "\(log)")
  }

  @Test func `logins that replace a session of the other user never wait for each other in a circle`() async throws {
    let log = try await contend { users, own, store in
      for user in users.shuffled() {
        let former = own
        own = randomDigest()
        _ = try await store.addSession(
          session(own, of: user), limit: 1_000, live: live, ifPassword: nil, replacing: former, settling: nil)
      }
    }
    #expect(!log.contains("ERROR"), "\(log)")
  }

  @Test func `many workers of two servers claim each message and each account event once`() async throws {
    let server = try await PostgresServer()
    var configuration = try server.configuration(schema: "auth")
    configuration.writeConnections = 8
    let stores = [try await PostgresStore(configuration), try await PostgresStore(configuration)]
    try await stores[0].keepAccountEvents(for: .seconds(3600))
    for index in 0..<200 {
      let email = try Email("user\(index)@me.com")
      let message = OutboxMessage(id: "\(index)", kind: .passwordReset, email: email, createdAt: now)
      _ = try await stores[0].addUser(email: email, hashedPassword: PasswordHash("hash"), queueing: message, limit: 1_000)
    }
    // The events have the time of the database.
    let (late, end) = (Timestamp(secondsSince1970: 100_000_000_000), Timestamp(secondsSince1970: 200_000_000_000))
    let claimed = try await withThrowingTaskGroup(of: [String].self) { group in
      for worker in 0..<32 {
        let store = stores[worker % 2]
        group.addTask {
          var claimed: [String] = []
          while let event = try await store.claimAccountEvent(now: late, until: end) { claimed.append(event.id) }
          while let message = try await store.claimMessage(now: late, until: end) { claimed.append(message.id) }
          return claimed
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    for store in stores { await store.close() }
    #expect(claimed.count == 400)
    #expect(Set(claimed).count == 400)
  }

  /// What an operator does to messages that wait.
  enum OutboxChange: String, CaseIterable { case hasten, drop }

  @Test(arguments: OutboxChange.allCases)
  func `messages that change or go just now are neither missed nor taken for the end`(_ change: OutboxChange) async throws {
    let server = try await PostgresServer()
    var configuration = try server.configuration(schema: "auth")
    configuration.timeout = .seconds(60)
    let store = try await PostgresStore(configuration)
    for (age, id) in ["behind", "changed", "removed"].enumerated() {
      let message = try OutboxMessage(
        id: id, kind: .passwordReset, email: Email("\(id)@me.com"), createdAt: now - .seconds(age))
      #expect(try await store.addMessage(message, limit: 9))
    }
    // Ends once the store waits for the locks of this transaction.
    async let others = server.run(
      """
      UPDATE auth.outbox SET due_at = due_at + 60 WHERE id = 'changed';
      DELETE FROM auth.outbox WHERE id = 'removed';
      DO $$ BEGIN
        WHILE NOT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%\(change)_messages%') LOOP
          PERFORM pg_stat_clear_snapshot();
        END LOOP;
      END $$
      """)
    let locks = "SELECT 1 FROM pg_locks WHERE relation = 'auth.outbox'::regclass AND mode = 'RowExclusiveLock'"
    while try await server.run(locks) == "" {}
    let count =
      switch change {
      case .hasten: try await store.hastenMessages(.init(), to: now - .seconds(60), limit: 2)
      case .drop: try await store.dropMessages(.init(), limit: 2).count
      }
    _ = try await others
    #expect(count == 2)
    let left = try await server.run("SELECT count(*), min(due_at), max(due_at) FROM auth.outbox")
    let due = (now - .seconds(60)).secondsSince1970
    #expect(left.trimmingCharacters(in: .newlines) == (change == .drop ? "0||" : "2|\(due)|\(due)"))
    await store.close()
  }

  /// - Parameter own: a session, or a token, that this worker has made.
  private func change(_ users: [User], with own: inout TokenDigest, in store: PostgresStore) async throws {
    let user = users.randomElement()!
    let other = users.randomElement()!
    let former = own
    switch Int.random(in: 0...13) {
    case 0...3:
      own = randomDigest()
      _ = try await store.addSession(
        session(own, of: user), limit: 20, live: live, ifPassword: nil, replacing: .random() ? former : nil,
        settling: .random() ? attempt(true) : nil)
    case 4:
      _ = try await store.endSession(own, in: live)
    case 5:
      _ = try await store.endSessions([.all, .allBut(own), .only(own)].randomElement()!, of: user.id, in: live)
    case 6:
      let new = session(randomDigest(), of: user)
      _ = try await store.changePassword(
        of: user.id, PasswordHash("hash"), to: PasswordHash("hash"), renewing: own, as: new, endingOthers: .random())
    case 7:
      own = randomDigest()
      let token = ResetToken.Record(id: own, createdAt: now, expiresAt: now + .seconds(60))
      _ = try await store.addResetToken(token, for: user.email)
    case 8:
      _ = try await store.consumeResetToken(
        ResetToken.Use(
          own, at: now, settingPassword: PasswordHash("hash"), endingSessions: true,
          clearing: Throttle.Key(.loginEmail, digest: "a")))
    case 9:
      try await store.updateUser(other.id, .email(other.email), .endSessions, .revokeResetToken)
    case 10:
      _ = try await store.disableUser(other.id, at: now, endingSessionsIn: live)
      _ = try await store.enableUser(other.id)
    case 11:
      _ = try await store.purge(
        Purge.Scope(live: live, countersBefore: now + .seconds(1), limit: 10))
    case 12:
      _ = try await store.settle(attempt(.random()))
      _ = try await store.clearCounters(of: attempt(true).keys)
    default:
      try await store.touchSession(own, at: now + .seconds(1))
    }
  }
}
#endif
