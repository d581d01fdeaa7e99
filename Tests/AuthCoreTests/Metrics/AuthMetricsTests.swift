import AuthTesting
import CoreMetrics
import MetricsTestKit
import Synchronization
import Testing

@testable import AuthCore

/// What an `Auth` reports to the backend that was chosen when it was made.
@Suite struct AuthMetricsTests {
  private let metrics = TestMetrics()
  private let clock = ManualClock()
  private let email = AuthFixture.email
  private let password = AuthFixture.password

  private func auth(
    _ policy: AuthPolicy = .classic, on store: some AuthStore = InMemoryStore(), hasher: some PasswordHasher = BcryptHasher.fast
  ) -> Auth {
    withMetricsFactory(metrics) { Auth(policy: policy, store: store, hasher: hasher, clock: clock) }
  }

  private func logins(_ outcome: String) -> Int64 {
    metrics.counterTotal(label: "auth_logins_total", dimensions: [("outcome", outcome)])
  }

  @Test func `logins are counted by how they end`() async throws {
    let store = InterceptingStore()
    let auth = auth(.strict, on: store)
    _ = try await auth.register(email: email, password: password)
    for password in [password, "wrong", "wrong", "wrong", "wrong", "wrong"] {
      _ = try await auth.logIn(email: email, password: password, from: .unknown)
    }
    await #expect(throws: AuthError.self) { try await auth.logIn(email: email, password: password, from: .unknown) }
    store.fail(.all)
    await #expect(throws: AuthError.self) { try await auth.logIn(email: email, password: password, from: .unknown) }
    #expect(logins("success") == 1)
    #expect(logins("wrong_credentials") == 5)
    #expect(logins("throttled") == 1)
    #expect(logins("unavailable") == 1)
    #expect(logins("overloaded") == 0)
  }

  @Test func `a login that is refused for overload is counted`() async throws {
    let auth = auth(hasher: RefusingHasher())
    await #expect(throws: AuthError.self) { try await auth.logIn(email: email, password: password, from: .unknown) }
    #expect(logins("overloaded") == 1)
  }

  @Test func `events are counted under the names that the log has`() async throws {
    let auth = auth()
    _ = try await auth.register(email: email, password: password)
    let login = try #require(try await auth.logIn(email: email, password: password, from: .unknown).login)
    try await auth.logOut(login.sessionID, from: .unknown)
    for event in ["user_created", "authn_login_success", "session_created", "session_ended"] {
      #expect(metrics.counterTotal(label: "auth_events_total", dimensions: [("event", event)]) == 1, "\(event)")
    }
    #expect(metrics.counterTotal(label: "auth_events_total") == 4)
    // All of them exist from the start, so that a first event is seen as a change.
    #expect(metrics.counters(label: "auth_events_total").count == AuthEvent.Kind.allCases.count)
  }

  @Test func `tries to deliver a message are counted by how they end`() async throws {
    let auth = auth(.strict)
    _ = try await auth.register(email: email, password: password)
    for email in [email, "eve@me.com"] { try await auth.requestPasswordReset(email: email, from: .unknown) }
    struct Refused: Error {}
    var outcomes = try await [
      auth.deliver(through: MeddlingDelivery { throw Refused() }), auth.deliver(through: MeddlingDelivery {}),
    ]
    clock.advance(by: .seconds(60))
    outcomes.append(try await auth.deliver(through: MeddlingDelivery {}))
    #expect(outcomes == [.failed, .unknownUser, .delivered])
    for outcome in ["failed", "unknown_user", "delivered"] {
      #expect(metrics.counterTotal(label: "auth_deliveries_total", dimensions: [("outcome", outcome)]) == 1, "\(outcome)")
    }
  }

  @Test func `maintenance reports open sessions and waiting messages before it purges`() async throws {
    let store = InMemoryStore()
    let auth = auth(.strict, on: store)
    _ = try await auth.register(email: email, password: password)
    for _ in 1...3 { _ = try await auth.logIn(email: email, password: password, from: .unknown) }
    try await auth.requestPasswordReset(email: email, from: .unknown)
    clock.advance(by: .seconds(90))
    try await auth.requestPasswordReset(email: email, from: .unknown)
    let meters = try ["auth_sessions_open", "auth_outbox_messages", "auth_outbox_oldest_age_seconds"].map { label in
      try metrics.expectMeter(label)
    }
    await withTaskGroup { group in
      // The purge comes after the report, and ends the loop.
      group.addTask { await auth.runMaintenance(purging: [{ _ in throw CancellationError() }]) { _ in } }
      await group.waitForAll()
    }
    #expect(meters.map(\.lastValue) == [3, 2, 90])
  }

  @Test func `waiting messages are reported by kind, those of unknown kinds together, and none as 0`() async throws {
    let store = InMemoryStore()
    let auth = auth(.strict, on: store)
    let bob = try await auth.register(email: email, password: password)
    try await auth.requestPasswordReset(email: email, from: .unknown)
    clock.advance(by: .seconds(30))
    try await auth.requestPasswordReset(email: "eve@me.com", from: .unknown)
    _ = try await auth.disableUser(bob.id)
    for name in ["of_the_future", "of_another_future"] {
      let kind = OutboxMessage.Kind(rawValue: name)
      _ = try await store.addMessage(OutboxMessage(id: name, kind: kind, email: bob.email, createdAt: clock.now), limit: 1)
      clock.advance(by: .seconds(10))
    }
    await auth.runMaintenance(purging: [{ _ in throw CancellationError() }]) { _ in }
    for (kind, count, age) in [
      ("password_reset", 2, 50), ("account_disabled", 1, 20), ("other", 2, 20), ("new_login", 0, 0),
    ] as [(String, Double, Double)] {
      let meters = try ["auth_outbox_kind_messages", "auth_outbox_kind_oldest_age_seconds"].map { label in
        try metrics.expectMeter(label, [("kind", kind)])
      }
      #expect(meters.map(\.lastValue) == [count, age], "\(kind)")
    }
  }

  @Test func `without a backend maintenance does not ask the store for gauges`() async throws {
    let isAsked = Mutex(false)
    let store = InterceptingStore(InMemoryStore()) { operation in
      if [.gauges, .countMessages].contains(operation) { isAsked.withLock { $0 = true } }
    }
    let auth = Auth(policy: .classic, store: store, hasher: BcryptHasher.fast)
    await auth.runMaintenance(purging: [{ _ in throw CancellationError() }]) { _ in }
    #expect(!isAsked.withLock { $0 })
  }
}

private struct RefusingHasher: PasswordHasher {
  func hash(_: Password) async throws(PasswordHasherError) -> PasswordHash { throw .overloaded(retryAfter: .seconds(1)) }

  func verify(_: Password, against _: PasswordHash?) async throws(PasswordHasherError) -> Bool {
    throw .overloaded(retryAfter: .seconds(1))
  }

  func needsRehash(_: PasswordHash) -> Bool { false }
  func isStronger(_: PasswordHash) -> Bool { false }
  func problem(with _: PasswordHash) -> PasswordHashProblem? { nil }
}
