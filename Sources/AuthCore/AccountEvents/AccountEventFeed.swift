internal import CoreMetrics

/// Delivers what becomes of accounts to another system: at least once, and for each account in order.
///
///     let feed = AccountEventFeed(store)
///     await feed.deliver(through: MyQueue()) { logger.error("\($0)") }
///
/// Events are kept from the first call of ``keep()`` on, which ``deliver(through:workers:interval:onFailure:)`` makes. If no
/// process delivers any more, they are kept for ``window``, in case one is only late, and then no longer.
public struct AccountEventFeed: Sendable {
  /// How long an event is delivered, again and again, before it is given up; and how long events are kept without a process that
  /// delivers them.
  public static let window = Duration.seconds(7 * 86_400)

  private static let renewal = Duration.seconds(3600)

  /// How a try to deliver an event ended.
  private enum Result: String, CaseIterable {
    case delivered, failed
    case givenUp = "given_up"
  }

  private let store: any AccountEventStore
  private let clock: any WallClock
  private let results: [Result: Counter]

  /// A feed of the events that a store keeps.
  ///
  /// - Parameters:
  ///   - store: the store of the accounts.
  ///   - clock: the time by which events are due; with a store that has a clock of its own, that one.
  public init(_ store: some AccountEventStore, clock: any WallClock = SystemClock()) {
    self.store = store
    self.clock = clock
    results = Counter.each("auth_account_events_total", by: "outcome", MetricsSystem.factory)
  }

  /// The result of delivering an event.
  @nonexhaustive
  public enum Outcome: Sendable {
    /// No event is due now.
    case nothingDue
    /// The event was delivered, and is gone.
    case delivered
    /// The delivery threw this error. The event will be tried again, and those of its account that come after it wait.
    case failed(AccountEvent, any Error)
    /// The event is older than ``AccountEventFeed/window``, and gone.
    case givenUp(AccountEvent)
  }

  /// Why an event was not delivered, or why none could be.
  @nonexhaustive
  public enum Failure: Sendable, CustomStringConvertible {
    /// The delivery threw this error. The event will be tried again.
    case failed(AccountEvent, any Error)
    /// The event could not be delivered within ``AccountEventFeed/window``, and is gone.
    case givenUp(AccountEvent)
    /// The events cannot be read or written. It will be tried again.
    case unavailable(StoreError)

    /// A sentence for a log, without email, provided that the delivery keeps it out of its errors.
    public var description: String {
      switch self {
      case .failed(_, let error): "an account event was not delivered and will be tried again: \(error)"
      case .givenUp(let event): "an account event could not be delivered within 7 days and was given up: \(event.kind.rawValue)"
      case .unavailable(let error): "account events cannot be delivered: \(error)"
      }
    }

    /// The event that it is about; nil if it is about all of them.
    public var event: AccountEvent? {
      switch self {
      case .failed(let event, _), .givenUp(let event): event
      case .unavailable: nil
      }
    }
  }

  /// Keeps events for ``window`` from now on.
  public func keep() async throws(StoreError) { try await store.keepAccountEvents(for: Self.window) }

  /// Keeps events, and delivers them until the task is cancelled. Run it alongside the service, in as many processes as you like.
  ///
  /// - Parameters:
  ///   - delivery: brings the events to the other system.
  ///   - workers: how many events, each of another account, are delivered at a time.
  ///   - interval: how long an idle worker waits before it looks again.
  ///   - onFailure: called with every failure. Log it: it is reported nowhere else.
  public func deliver(
    through delivery: some AccountEventDelivery, workers: Int = 4, interval: Duration = .seconds(1),
    onFailure: @escaping @Sendable (Failure) -> Void
  ) async {
    await withTaskGroup { group in
      group.addTask {
        while !Task.isCancelled {
          let isKept = await keep(onFailure)
          try? await Task.sleep(for: isKept ? Self.renewal : interval)
        }
      }
      group.addTask {
        await DeliveryLoop.run(workers: workers, interval: interval) {
          await deliverNext(through: delivery, onFailure: onFailure)
        }
      }
    }
  }

  /// Delivers the event that has been due longest, if one is due. Several processes may call it at once.
  public func deliverNext(through delivery: some AccountEventDelivery) async throws(StoreError) -> Outcome {
    let now = clock.now
    guard let event = try await store.claimAccountEvent(now: now, until: now + DeliveryLoop.claim) else { return .nothingDue }
    guard now < event.at + Self.window else {
      try await store.removeAccountEvent(event.id)
      results[.givenUp]?.increment()
      return .givenUp(event)
    }
    do { try await delivery.deliver(event) } catch {
      results[.failed]?.increment()
      try await store.postponeAccountEvent(event.id, until: clock.now + DeliveryLoop.delay(afterTries: event.tries))
      return .failed(event, error)
    }
    results[.delivered]?.increment()
    try await store.removeAccountEvent(event.id)
    return .delivered
  }

  private func keep(_ onFailure: (Failure) -> Void) async -> Bool {
    do {
      try await keep()
      return true
    } catch {
      onFailure(.unavailable(error))
      return false
    }
  }

  /// Whether an event was due.
  private func deliverNext(
    through delivery: some AccountEventDelivery, onFailure: @Sendable (Failure) -> Void
  ) async -> Bool {
    let outcome: Outcome
    do { outcome = try await deliverNext(through: delivery) } catch {
      onFailure(.unavailable(error))
      return false
    }
    switch outcome {
    case .nothingDue: return false
    case .delivered: return true
    case .failed(let event, let error): onFailure(.failed(event, error))
    case .givenUp(let event): onFailure(.givenUp(event))
    }
    return true
  }
}

/// How events reach another system: through a webhook, a queue, a call.
public protocol AccountEventDelivery: Sendable {
  /// Hands the event over. It returns once the event is with something that will not lose it, and throws otherwise; then the
  /// event is tried again later. It must take less than two minutes: after that another worker may claim the event.
  ///
  /// An event may come twice, with the same id; a later event of the same account never comes before it has returned. The error
  /// may be logged, so it does not contain the email.
  func deliver(_ event: AccountEvent) async throws
}
