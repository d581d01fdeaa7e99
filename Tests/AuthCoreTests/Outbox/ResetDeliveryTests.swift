import AuthCore
import AuthTesting
import Testing

/// Delivering the reset tokens that were asked for.
///
/// OWASP ASVS 5.0: 6.4.3.
@Suite struct ResetDeliveryTests {
  /// With Bob, who has asked for a token.
  private static func asked(_ preset: Preset = .strict) async throws -> (fixture: AuthFixture, delivery: RecordingDelivery) {
    let fixture = try await AuthFixture.withBob(preset)
    try await fixture.auth.requestPasswordReset(email: "bob@ME.com", from: .unknown)
    return (fixture, RecordingDelivery())
  }

  @Test(arguments: Preset.allCases)
  func `a token is delivered to the email as it was registered, once, and sets a new password`(_ preset: Preset) async throws {
    let (fixture, delivery) = try await Self.asked(preset)
    #expect(try await fixture.auth.deliver(through: delivery) == .delivered)
    let message = try #require(delivery.messages.first)
    #expect(message.email.text == "Bob@me.com")
    #expect(message.expiresAt == fixture.clock.now + .seconds(3600))
    fixture.clock.advance(by: .seconds(3599))
    #expect(try await fixture.auth.deliver(through: delivery) == .nothingDue)
    #expect(delivery.messages.count == 1)
    try await fixture.auth.updatePassword(resetToken: message.token, password: AuthFixture.otherPassword)
    #expect(try await fixture.auth.guess(AuthFixture.otherPassword) == .yes)
  }

  @Test func `for an email that no account has nothing is delivered, and the request is gone`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await fixture.auth.requestPasswordReset(email: "eve@me.com", from: .unknown)
    let delivery = RecordingDelivery()
    #expect(try await fixture.auth.deliver(through: delivery) == .unknownUser)
    fixture.clock.advance(by: .seconds(3600))
    #expect(try await fixture.auth.deliver(through: delivery) == .nothingDue)
    #expect(delivery.messages.isEmpty)
  }

  @Test func `for an account that was deleted meanwhile nothing is delivered`() async throws {
    let (fixture, delivery) = try await Self.asked()
    try await fixture.auth.deleteUser(sessionID: fixture.logInBob().sessionID, password: AuthFixture.password, from: .unknown)
    #expect(try await fixture.auth.deliver(through: delivery) == .unknownUser)
    #expect(delivery.messages.isEmpty)
  }

  @Test func `a token lives from its delivery`() async throws {
    let (fixture, delivery) = try await Self.asked()
    fixture.clock.advance(by: .seconds(7200))
    #expect(try await fixture.auth.deliver(through: delivery) == .delivered)
    fixture.clock.advance(by: .seconds(3599))
    let token = try #require(delivery.messages.first?.token)
    #expect(try await fixture.auth.updatePassword(resetToken: token, password: AuthFixture.otherPassword).id == 1)
  }

  @Test func `who asked first is served first`() async throws {
    let (fixture, delivery) = try await Self.asked()
    try await fixture.registerEve()
    fixture.clock.advance(by: .seconds(1))
    try await fixture.auth.requestPasswordReset(email: "eve@me.com", from: .unknown)
    for _ in 1...2 { #expect(try await fixture.auth.deliver(through: delivery) == .delivered) }
    #expect(delivery.messages.map(\.email.text) == ["Bob@me.com", "eve@me.com"])
  }

  @Test func `what failed is tried again after times that double from 5 seconds to 15 minutes`() async throws {
    let (fixture, delivery) = try await Self.asked()
    delivery.isFailing = true
    for seconds in [5, 10, 20, 40, 80, 160, 320, 640, 900, 900] {
      #expect(try await fixture.auth.deliver(through: delivery) == .failed)
      fixture.clock.advance(by: .seconds(seconds - 1))
      #expect(try await fixture.auth.deliver(through: delivery) == .nothingDue)
      fixture.clock.advance(by: .seconds(1))
    }
    delivery.isFailing = false
    #expect(try await fixture.auth.deliver(through: delivery) == .delivered)
    #expect(delivery.messages.count == 11)
  }

  @Test func `each try has a token of its own, under the same id, and the newest alone counts`() async throws {
    let (fixture, delivery) = try await Self.asked()
    delivery.isFailing = true
    for _ in 1...3 {
      _ = try await fixture.auth.deliver(through: delivery)
      fixture.clock.advance(by: .seconds(60))
    }
    let messages = delivery.messages
    #expect(Set(messages.map(\.id)).count == 1)
    #expect(Set(messages.map(\.token.digest)).count == 3)
    for message in messages.dropLast() {
      await #expect(throws: AuthError.invalidResetToken) {
        try await fixture.auth.updatePassword(resetToken: message.token, password: AuthFixture.otherPassword)
      }
    }
    let newest = try #require(messages.last?.token)
    #expect(try await fixture.auth.updatePassword(resetToken: newest, password: AuthFixture.otherPassword).id == 1)
  }

  @Test func `two requests have two ids`() async throws {
    let (fixture, delivery) = try await Self.asked()
    try await fixture.auth.requestPasswordReset(email: AuthFixture.email, from: .unknown)
    for _ in 1...2 { _ = try await fixture.auth.deliver(through: delivery) }
    #expect(Set(delivery.messages.map(\.id)).count == 2)
  }

  @Test func `what cannot be delivered for a day is given up`() async throws {
    let (fixture, delivery) = try await Self.asked()
    delivery.isFailing = true
    let start = fixture.clock.now
    while fixture.clock.now < start + Auth.deliveryWindow {
      #expect(try await [.nothingDue, .failed].contains(fixture.auth.deliver(through: delivery)))
      fixture.clock.advance(by: .seconds(60))
    }
    fixture.clock.advance(by: .seconds(900))
    #expect(try await fixture.auth.deliver(through: delivery) == .givenUp)
    fixture.clock.advance(by: .seconds(86400))
    #expect(try await fixture.auth.deliver(through: delivery) == .nothingDue)
    #expect(Auth.deliveryWindow == .seconds(86400))
  }

  @Test func `what can never be delivered is given up at once, with the reason and without the email`() async throws {
    let (fixture, _) = try await Self.asked()
    let delivery = MeddlingDelivery { throw UndeliverableMessage("no such mailbox") }
    guard case .undeliverable(let message, let error) = try await fixture.auth.deliverNextMessage(through: delivery) else {
      Issue.record("the message was not given up")
      return
    }
    #expect(message.userID == 1)
    #expect(error.reason == "no such mailbox")
    let failure = Auth.DeliveryFailure.undeliverable(message, error)
    #expect("\(failure)" == "a message cannot be delivered and was given up: no such mailbox")
    #expect(failure.message == message)
    fixture.clock.advance(by: .seconds(3600))
    #expect(try await fixture.auth.deliver(through: delivery) == .nothingDue)
  }

  @Test func `until a second before a day has passed it is tried again, and at the day no more`() async throws {
    for (seconds, outcome) in [(86399, Delivered.failed), (86400, .givenUp)] {
      let (fixture, delivery) = try await Self.asked()
      delivery.isFailing = true
      fixture.clock.advance(by: .seconds(seconds))
      #expect(try await fixture.auth.deliver(through: delivery) == outcome)
    }
  }

  @Test func `until its token is delivered the store has none, and then its digest alone`() async throws {
    let (fixture, delivery) = try await Self.asked()
    #expect(try await fixture.bob.resetToken == nil)
    delivery.isFailing = true
    for _ in 1...2 {
      _ = try await fixture.auth.deliver(through: delivery)
      fixture.clock.advance(by: .seconds(60))
      let token = try #require(delivery.messages.last?.token)
      #expect(try await fixture.bob.resetToken == token.digest)
      let stored = fixture.everythingStored
      #expect(stored.contains(token.digest.hex))
      #expect(!stored.contains(token.text))
    }
  }
}
