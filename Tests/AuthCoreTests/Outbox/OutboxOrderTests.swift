import AuthTesting
import Testing

@testable import AuthCore

/// The order of messages, and what becomes of those that are not delivered.
@Suite struct OutboxOrderTests {
  private let fixture: AuthFixture
  private let events = RecordedEvents()
  private let delivery = RecordingDelivery()
  private let auth: Auth

  init() async throws {
    fixture = try await AuthFixture.withBob(.strict)
    try await fixture.registerEve()
    auth = fixture.sharing(policy: .strict, events: events)
  }

  private func askForReset(_ email: String) async throws {
    try await fixture.auth.requestPasswordReset(email: email, from: .unknown)
    fixture.clock.advance(by: .seconds(1))
  }

  private var emails: [String] { delivery.messages.map(\.email.text) }

  @Test func `what cannot be delivered holds up its like to the same email, and nothing else`() async throws {
    for email in ["bob@me.com", "BOB@me.com", "eve@me.com"] { try await askForReset(email) }
    _ = try await auth.disableUser(1)
    delivery.isFailing = true
    #expect(try await auth.deliver(through: delivery) == .failed)
    delivery.isFailing = false
    for _ in 1...2 { #expect(try await auth.deliver(through: delivery) == .delivered) }
    #expect(delivery.messages.map(\.kind) == [.passwordReset, .passwordReset, .accountDisabled])
    #expect(emails == ["Bob@me.com", "eve@me.com", "Bob@me.com"])
    #expect(try await auth.deliver(through: delivery) == .nothingDue)
    // Once the first is delivered, the second comes at once, and its token is the one that counts.
    fixture.clock.advance(by: .seconds(5))
    for _ in 1...2 { #expect(try await auth.deliver(through: delivery) == .delivered) }
    #expect(try await auth.deliver(through: delivery) == .nothingDue)
    let tokens = delivery.messages.suffix(2).map(\.token)
    #expect(try await fixture.store.findUser(withResetToken: tokens[0].digest, now: fixture.clock.now) == nil)
    #expect(try await fixture.store.findUser(withResetToken: tokens[1].digest, now: fixture.clock.now)?.id == 1)
  }

  @Test func `those behind a message that is given up are tried afterwards`() async throws {
    try await askForReset("bob@me.com")
    fixture.clock.advance(by: .seconds(3600))
    try await askForReset("bob@me.com")
    delivery.isFailing = true
    let end = fixture.clock.now + Auth.deliveryWindow
    var outcomes: [Delivered] = []
    while fixture.clock.now < end + .seconds(900) {
      outcomes.append(try await auth.deliver(through: delivery))
      fixture.clock.advance(by: .seconds(60))
    }
    #expect(Set(delivery.messages.map(\.id)).count == 2)
    #expect(outcomes.count { $0 == .givenUp } == 2)
    // The second, which was queued an hour later, is tried for that hour.
    let second = delivery.messages.count { $0.id == delivery.messages.last?.id }
    #expect((4...20).contains(second))
  }

  @Test func `a message that is given up or undeliverable is an event of its user, or of a digest of its email`() async throws {
    try await askForReset("bob@me.com")
    _ = try await auth.disableUser(2)
    let undeliverable = MeddlingDelivery { throw UndeliverableMessage("no such mailbox") }
    let first = try await events.during {
      let outcome = try await auth.deliver(through: undeliverable)
      #expect(outcome == .undeliverable)
    }
    #expect(first.filter { $0.kind != .resetTokenIssued }.map(\.kind) == [.messageUndeliverable])
    #expect(first.last?.userID == 1 && first.last?.emailDigest == nil)

    try await askForReset("nobody@me.com")
    fixture.clock.advance(by: Auth.deliveryWindow)
    let later = try await events.during {
      for _ in 1...2 {
        let outcome = try await auth.deliver(through: delivery)
        #expect(outcome == .givenUp)
      }
    }
    #expect(later.map(\.kind) == [.messageGivenUp, .messageGivenUp])
    #expect(later.map(\.userID) == [2, nil])
    #expect(later.map(\.emailDigest) == [nil, AuthEvent.digest(ofEmail: "nobody@me.com")])
    #expect(later.allSatisfy { $0.client == .unknown })
    #expect(delivery.messages.isEmpty)
  }

  @Test func `a message that cannot be removed is not yet given up`() async throws {
    try await askForReset("bob@me.com")
    fixture.clock.advance(by: Auth.deliveryWindow)
    let failing = Auth(
      policy: .strict, store: InterceptingStore(fixture.store, failing: .removeMessage), hasher: BcryptHasher.fast,
      events: events,
      clock: fixture.clock)
    await #expect(throws: AuthError.self) { try await failing.deliver(through: delivery) }
    #expect(events.all.isEmpty)
  }

  @Test func `an operator sees what waits, lets it be tried again, and drops it`() async throws {
    let operating = Client(userAgent: "an operator")
    for email in ["bob@me.com", "eve@me.com"] { try await askForReset(email) }
    _ = try await auth.disableUser(1)
    // Of a message without a user, the event has a digest of the email.
    fixture.store.tables.withLock { tables in tables.outbox[1].message = tables.outbox[1].message.withoutUser }
    delivery.isFailing = true
    while try await auth.deliver(through: delivery) == .failed {}
    #expect(delivery.messages.count == 3)
    #expect(try await auth.messageBacklogs().mapValues(\.count) == [.passwordReset: 2, .accountDisabled: 1])
    var waiting: [OutboxMessage.Waiting] = []
    for try await one in auth.waitingMessages() { waiting.append(one) }
    #expect(waiting.map(\.message.kind) == [.passwordReset, .passwordReset, .accountDisabled])
    #expect(waiting.allSatisfy { $0.message.tries == 1 && $0.dueAt == fixture.clock.now + .seconds(5) })

    delivery.isFailing = false
    #expect(try await auth.retryMessages(.init(kind: .passwordReset)) == 2)
    #expect(try await auth.retryMessages(.init(kind: .passwordReset)) == 0)
    #expect(try await auth.deliver(through: delivery) == .delivered)

    let dropped = try await events.during {
      let count = try await auth.dropMessages(.init(), from: operating)
      #expect(count == 2)
    }
    #expect(dropped.map(\.kind) == [.messageDropped, .messageDropped])
    #expect(dropped.map(\.userID) == [nil, 1])
    #expect(dropped.map(\.emailDigest) == [AuthEvent.digest(ofEmail: "eve@me.com"), nil])
    #expect(dropped.allSatisfy { $0.client == operating })
    #expect(try await auth.messageBacklogs().isEmpty)
    fixture.clock.advance(by: .seconds(3600))
    #expect(try await auth.deliver(through: delivery) == .nothingDue)
  }

  @Test func `any number of messages is listed, retried and dropped`() async throws {
    let count = 2_345
    fixture.store.tables.withLock { tables in
      for index in 0..<count {
        tables.queue(
          OutboxMessage(
            id: "\(index)", kind: .passwordReset, email: Email(stored: "\(index)@me.com"),
            createdAt: fixture.clock.now + .seconds(60 + index)))
      }
    }
    var ids: [String] = []
    for try await one in auth.waitingMessages() { ids.append(one.message.id) }
    #expect(ids == (0..<count).map(String.init))
    #expect(try await auth.retryMessages(.init()) == count)
    #expect(try await auth.dropMessages(.init(), from: .unknown) == count)
    #expect(events.all.count == count)
  }
}

extension OutboxMessage {
  fileprivate var withoutUser: OutboxMessage {
    OutboxMessage(id: id, kind: kind, email: email, payload: payload, createdAt: createdAt, tries: tries)
  }
}
