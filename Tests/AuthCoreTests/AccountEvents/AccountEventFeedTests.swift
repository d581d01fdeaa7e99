import AuthTesting
import CoreMetrics
import MetricsTestKit
import Synchronization
import Testing

@testable import AuthCore

@Suite(.timeLimit(.minutes(10))) struct AccountEventFeedTests {
  private let store = InMemoryStore()
  /// The store notes the real time. The clock is ahead of it by so much that it stays so, however long a test takes.
  private static let lead = Duration.seconds(86_400)
  private let clock = ManualClock(SystemClock().now + lead)
  private let delivery = RecordingEventDelivery()

  private var feed: AccountEventFeed { AccountEventFeed(store, clock: clock) }

  private func addUser(_ email: String) async throws -> User {
    try await store.addUser(email: Email(stored: email), hashedPassword: PasswordHash("a hash"))
  }

  /// The outcome of a delivery, without event and error.
  private func deliver() async throws -> String {
    switch try await feed.deliverNext(through: delivery) {
    case .nothingDue: "nothing due"
    case .delivered: "delivered"
    case .failed: "failed"
    case .givenUp: "given up"
    }
  }

  /// Waits until something has happened, or the test is over.
  private func wait(until hasHappened: () -> Bool) async throws {
    while !hasHappened() {
      try Task.checkCancellation()
      await Task.yield()
    }
  }

  @Test func `an event is delivered once`() async throws {
    try await feed.keep()
    let bob = try await addUser("bob@me.com")
    #expect(try await deliver() == "delivered")
    let event = try #require(delivery.events.first)
    #expect(event.kind == .created && event.userID == bob.id && event.email == bob.email && event.tries == 1)
    clock.advance(by: .seconds(86_400))
    #expect(try await deliver() == "nothing due")
    #expect(delivery.events.count == 1)
  }

  @Test func `nothing is told of what was before it was asked for`() async throws {
    _ = try await addUser("bob@me.com")
    try await feed.keep()
    #expect(try await deliver() == "nothing due")
  }

  @Test func `what failed is tried again, under the same id and before what comes after it`() async throws {
    try await feed.keep()
    let bob = try await addUser("bob@me.com")
    try await store.updateUser(bob.id, .email(Email(stored: "bob@me.org")))
    delivery.isFailing = true
    for seconds in [5, 10, 20, 40, 80, 160, 320, 640, 900, 900] {
      #expect(try await deliver() == "failed")
      clock.advance(by: .seconds(seconds - 1))
      #expect(try await deliver() == "nothing due")
      clock.advance(by: .seconds(1))
    }
    delivery.isFailing = false
    #expect(Set(delivery.events.map(\.id)).count == 1)
    #expect(try await deliver() == "delivered")
    #expect(try await deliver() == "delivered")
    #expect(delivery.events.suffix(2).map(\.kind) == [.created, .emailChanged])
  }

  @Test func `an account whose event fails holds up no other`() async throws {
    try await feed.keep()
    _ = try await addUser("bob@me.com")
    delivery.isFailing = true
    #expect(try await deliver() == "failed")
    delivery.isFailing = false
    _ = try await addUser("ann@me.com")
    #expect(try await deliver() == "delivered")
    #expect(delivery.events.last?.email.text == "ann@me.com")
  }

  @Test func `an event that cannot be delivered for 7 days is given up`() async throws {
    try await feed.keep()
    _ = try await addUser("bob@me.com")
    clock.advance(by: AccountEventFeed.window - Self.lead - .seconds(1))
    delivery.isFailing = true
    #expect(try await deliver() == "failed")
    clock.advance(by: Self.lead)
    delivery.isFailing = false
    #expect(try await deliver() == "given up")
    clock.advance(by: .seconds(86_400))
    #expect(try await deliver() == "nothing due")
  }

  @Test func `at the end of the 7 days an event is given up, and not before`() async throws {
    try await feed.keep()
    _ = try await addUser("bob@me.com")
    delivery.isFailing = true
    #expect(try await deliver() == "failed")
    let end = try #require(delivery.events.first).at + AccountEventFeed.window
    // The second failure is tried again after ten seconds.
    clock.advance(by: .seconds(end.secondsSince1970 - clock.now.secondsSince1970 - 10))
    #expect(try await deliver() == "failed")
    clock.advance(by: .seconds(10))
    #expect(try await deliver() == "given up")
  }

  @Test func `an event is its worker's for two minutes, and then comes again under the same id`() async throws {
    try await feed.keep()
    _ = try await addUser("bob@me.com")
    let slow = SlowEventDelivery { (event) async throws -> Void in
      clock.advance(by: .seconds(119))
      #expect(try await deliver() == "nothing due")
      clock.advance(by: .seconds(1))
      #expect(try await deliver() == "delivered")
      #expect(delivery.events.map(\.id) == [event.id] && delivery.events.map(\.tries) == [2])
    }
    guard case .delivered = try await feed.deliverNext(through: slow) else {
      Issue.record("the slow delivery was not the first")
      return
    }
    #expect(try await deliver() == "nothing due")
  }

  @Test func `deliveries are counted by how they end, and events kept for 7 days`() async throws {
    let metrics = TestMetrics()
    let feed = withMetricsFactory(metrics) { AccountEventFeed(store, clock: clock) }
    let before = SystemClock().now
    try await feed.keep()
    // The store counts from the real time, which is between two readings of it, however long the test takes.
    let end = store.tables.withLock(\.accountEventsAreKeptUntil)
    #expect(end >= before + AccountEventFeed.window)
    #expect(end <= SystemClock().now + AccountEventFeed.window)
    for email in ["bob@me.com", "ann@me.com"] { _ = try await addUser(email) }
    _ = try await feed.deliverNext(through: delivery)
    delivery.isFailing = true
    _ = try await feed.deliverNext(through: delivery)
    clock.advance(by: AccountEventFeed.window)
    _ = try await feed.deliverNext(through: delivery)
    for outcome in ["delivered", "failed", "given_up"] {
      #expect(metrics.counterTotal(label: "auth_account_events_total", dimensions: [("outcome", outcome)]) == 1, "\(outcome)")
    }
  }

  @Test func `the loop takes one event after the other without waiting, and reports failures and what it gives up`()
    async throws
  {
    try await feed.keep()
    for index in 0..<3 { _ = try await addUser("\(index)@me.com") }
    let failures = RecordedFailures()
    func run(until hasHappened: () -> Bool) async throws {
      // An hour: a worker that waited once would not be done before the test is over.
      let running = Task { [feed, delivery] in
        await feed.deliver(through: delivery, workers: 1, interval: .seconds(3600)) { failures.record($0) }
      }
      try await wait(until: hasHappened)
      running.cancel()
      await running.value
    }
    try await run { delivery.events.count == 3 }
    _ = try await addUser("bob@me.com")
    delivery.isFailing = true
    try await run { failures.all.count == 1 }
    clock.advance(by: AccountEventFeed.window)
    try await run { failures.all.count == 2 }
    #expect(
      failures.all == [
        "an account event was not delivered and will be tried again: refused",
        "an account event could not be delivered within 7 days and was given up: user_created",
      ])
  }

  @Test func `the loop keeps events and delivers them until it is cancelled`() async throws {
    let running = Task { [feed, delivery] in
      await feed.deliver(through: delivery, interval: .milliseconds(1)) { Issue.record("\($0)") }
    }
    // Before that, nothing is kept.
    try await wait { store.tables.withLock { $0.accountEventsAreKeptUntil > .distantPast } }
    for index in 0..<20 { _ = try await addUser("\(index)@me.com") }
    try await wait { delivery.events.count >= 20 }
    running.cancel()
    await running.value
    #expect(Set(delivery.events.map(\.email)).count == 20)
  }

  @Test func `the loop reports a store that does not respond, a failure and what it gives up`() async throws {
    let failures = RecordedFailures()
    let running = Task { [clock, delivery] in
      await AccountEventFeed(SilentEventStore(), clock: clock).deliver(through: delivery, interval: .milliseconds(1)) {
        failures.record($0)
      }
    }
    try await wait { failures.all.count >= 2 }
    running.cancel()
    await running.value
    #expect(Set(failures.all) == ["account events cannot be delivered: the store is unavailable: full"])

    let event = AccountEvent(id: "1", kind: .deleted, userID: 7, email: Email(stored: "bob@me.com"), at: clock.now, tries: 1)
    let failed = AccountEventFeed.Failure.failed(event, DeliveryRefused())
    #expect("\(failed)" == "an account event was not delivered and will be tried again: refused" && failed.event == event)
    let givenUp = AccountEventFeed.Failure.givenUp(event)
    #expect("\(givenUp)" == "an account event could not be delivered within 7 days and was given up: user_deleted")
    #expect(AccountEventFeed.Failure.unavailable(.unavailable("full")).event == nil)
  }
}

private struct DeliveryRefused: Error, CustomStringConvertible {
  var description: String { "refused" }
}

private final class RecordingEventDelivery: AccountEventDelivery {
  private let state = Mutex<(events: [AccountEvent], isFailing: Bool)>(([], false))

  /// Every event that it was given.
  var events: [AccountEvent] { state.withLock(\.events) }

  var isFailing: Bool {
    get { state.withLock(\.isFailing) }
    set { state.withLock { $0.isFailing = newValue } }
  }

  func deliver(_ event: AccountEvent) async throws {
    let isFailing = state.withLock { state in
      state.events.append(event)
      return state.isFailing
    }
    if isFailing { throw DeliveryRefused() }
  }
}

/// A delivery during which something else happens.
private struct SlowEventDelivery: AccountEventDelivery {
  let work: @Sendable (AccountEvent) async throws -> Void

  func deliver(_ event: AccountEvent) async throws { try await work(event) }
}

private final class RecordedFailures: Sendable {
  private let texts = Mutex<[String]>([])

  var all: [String] { texts.withLock { $0 } }

  func record(_ failure: AccountEventFeed.Failure) { texts.withLock { $0.append("\(failure)") } }
}

private struct SilentEventStore: AccountEventStore {
  func keepAccountEvents(for duration: Duration) async throws(StoreError) { throw .unavailable("full") }
  func claimAccountEvent(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> AccountEvent? {
    throw .unavailable("full")
  }
  func postponeAccountEvent(_ id: AccountEvent.ID, until moment: Timestamp) async throws(StoreError) {}
  func removeAccountEvent(_ id: AccountEvent.ID) async throws(StoreError) {}
}
