import AuthCore
import AuthTesting
import Synchronization
import Testing

@Suite struct PolicyChangeTests {
  private static let day = Duration.seconds(86400)

  @Test func `under another policy everything else is shared`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    var policy = AuthPolicy.strict
    policy.registration = .closed
    let changed = fixture.auth.with(policy: policy)
    #expect(changed.policy == policy && fixture.auth.policy == .strict)
    let login = try await changed.logIn(email: AuthFixture.email, password: AuthFixture.password, from: .unknown).login
    #expect(try await fixture.auth.user(for: login?.sessionID)?.id == 1)
    await #expect(throws: AuthError.self) {
      try await changed.register(email: "eve@me.com", password: AuthFixture.password, from: .unknown)
    }
    _ = try await fixture.auth.register(email: "eve@me.com", password: AuthFixture.password, from: .unknown)
  }

  @Test(.timeLimit(.minutes(5))) func `maintenance follows the policy in force`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let session = try await fixture.auth.createSession(email: AuthFixture.email)?.sessionID
    fixture.clock.advance(by: Self.day * 8)
    var patient = AuthPolicy.strict
    patient.sessions.idleTimeout = nil
    let (lenient, strict) = (fixture.auth.with(policy: patient), fixture.auth)
    let rounds = Counter()
    let maintenance = Task {
      await Auth.runMaintenance(
        of: { rounds.next() < 3 ? lenient : strict }, every: .zero, onFailure: { Issue.record($0) })
    }
    // Found for as long as the rules in force let it live, which are those of the first rounds.
    while try await lenient.user(for: session) != nil { await Task.yield() }
    #expect(rounds.value >= 3)
    maintenance.cancel()
  }
}

private final class Counter: Sendable {
  private let count = Atomic(0)
  var value: Int { count.load(ordering: .relaxed) }
  func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).oldValue }
}
