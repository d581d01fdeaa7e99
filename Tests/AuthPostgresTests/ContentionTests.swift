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

  /// - Parameter own: a session, or a token, that this worker has made.
  private func change(_ users: [User], with own: inout TokenDigest, in store: PostgresStore) async throws {
    let user = users.randomElement()!
    let other = users.randomElement()!
    let former = own
    switch Int.random(in: 0...13) {
    case 0...3:
      own = randomDigest()
      _ = try await store.addSession(
        session(own, of: user), limit: 20, live: live, ifPassword: nil, replacing: former,
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
