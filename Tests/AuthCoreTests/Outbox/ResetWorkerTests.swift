import AuthCore
import AuthTesting
import Testing

/// Several that deliver at once, and some that end on the way.
@Suite struct ResetWorkerTests {
  private static func asked() async throws -> (fixture: AuthFixture, delivery: RecordingDelivery) {
    let fixture = try await AuthFixture.withBob(.strict)
    try await fixture.auth.requestPasswordReset(email: AuthFixture.email, from: .unknown)
    return (fixture, RecordingDelivery())
  }

  /// What ends after each of these has a request in its hand and reports nothing.
  @Test(arguments: [InterceptingStore.Operation.addResetToken, .removeMessage, .postponeMessage])
  func `what a process that ends has in its hand is left to others after two minutes`(
    _ last: InterceptingStore.Operation
  ) async throws {
    let (fixture, delivery) = try await Self.asked()
    delivery.isFailing = last == .postponeMessage
    await #expect(throws: AuthError.unavailable("disk on fire")) { try await fixture.failing(last).deliver(through: delivery) }
    delivery.isFailing = false
    fixture.clock.advance(by: .seconds(119))
    #expect(try await fixture.auth.deliver(through: delivery) == .nothingDue)
    fixture.clock.advance(by: .seconds(1))
    #expect(try await fixture.auth.deliver(through: delivery) == .delivered)
    #expect(Set(delivery.messages.map(\.id)).count == 1)
    #expect(delivery.messages.count == (last == .addResetToken ? 1 : 2))
    let token = try #require(delivery.messages.last?.token)
    #expect(try await fixture.auth.updatePassword(resetToken: token, password: AuthFixture.otherPassword).id == 1)
  }

  @Test func `a request outlives a store that cannot hand it out`() async throws {
    let (fixture, delivery) = try await Self.asked()
    await #expect(throws: AuthError.unavailable("disk on fire")) {
      try await fixture.failing(.claimMessage).deliver(through: delivery)
    }
    #expect(try await fixture.auth.deliver(through: delivery) == .delivered)
  }

  @Test func `while one delivers a request nobody else gets it`() async throws {
    let (fixture, delivery) = try await Self.asked()
    let outer = MeddlingDelivery {
      let inner = try await fixture.auth.deliver(through: delivery)
      #expect(inner == .nothingDue)
    }
    #expect(try await fixture.auth.deliver(through: outer) == .delivered)
    #expect(delivery.messages.isEmpty)
  }

  @Test func `of many workers at once one delivers the request`() async throws {
    let (fixture, delivery) = try await Self.asked()
    let outcomes = try await atOnce(30) { _ in try await fixture.auth.deliver(through: delivery) }
    #expect(outcomes.count { $0 == .delivered } == 1)
    #expect(outcomes.count { $0 == .nothingDue } == 29)
  }

  @Test func `many workers deliver each of many requests once`() async throws {
    let fixture = AuthFixture(.classic)
    let delivery = RecordingDelivery()
    for index in 1...40 {
      _ = try await fixture.store.addUser(email: Email("user\(index)"), hashedPassword: PasswordHash("*"))
      try await fixture.auth.requestPasswordReset(email: "user\(index)", from: .unknown)
    }
    _ = try await atOnce(8) { _ in
      while try await fixture.auth.deliver(through: delivery) != .nothingDue {}
    }
    #expect(delivery.messages.count == 40)
    #expect(Set(delivery.messages.map(\.email)).count == 40)
  }
}
