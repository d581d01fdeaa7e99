internal import CoreMetrics

/// What an ``Auth`` reports to the backend of swift-metrics that the application has chosen. All of it is made with the `Auth`,
/// so nothing is looked up when something is counted. `Docs/Monitoring.md` describes each metric.
///
/// A class, so that a copy of an `Auth` costs one reference more and not one for each metric.
final class AuthMetrics: Sendable {
  /// How a login ended.
  private enum LoginResult: String, CaseIterable {
    case success
    case wrongCredentials = "wrong_credentials"
    case throttled, overloaded, unavailable, cancelled
  }

  /// How a try to deliver a message ended.
  enum DeliveryResult: String, CaseIterable {
    case delivered, failed, undeliverable
    case givenUp = "given_up"
    case unknownUser = "unknown_user"
  }

  /// Whether there is a backend. Without one, what is read for metrics alone is not read.
  let hasBackend: Bool
  private let logins: [LoginResult: Counter]
  private let events: [AuthEvent.Kind: Counter]
  private let deliveries: [DeliveryResult: Counter]
  private let openSessions: Meter
  private let waitingMessages: Meter
  private let oldestMessageAge: Meter
  /// By the kind of message; of kinds that only a newer release knows, together.
  private let messagesByKind, ageByKind: [OutboxMessage.Kind?: Meter]

  init() {
    let factory = MetricsSystem.factory
    hasBackend = !(factory is NOOPMetricsHandler)
    logins = Counter.each("auth_logins_total", by: "outcome", factory)
    events = Counter.each("auth_events_total", by: "event", factory)
    deliveries = Counter.each("auth_deliveries_total", by: "outcome", factory)
    openSessions = Meter(label: "auth_sessions_open", factory: factory)
    waitingMessages = Meter(label: "auth_outbox_messages", factory: factory)
    oldestMessageAge = Meter(label: "auth_outbox_oldest_age_seconds", factory: factory)
    messagesByKind = Self.metersByKind("auth_outbox_kind_messages", factory)
    ageByKind = Self.metersByKind("auth_outbox_kind_oldest_age_seconds", factory)
  }

  func count(_ kind: AuthEvent.Kind) {
    events[kind]?.increment()
  }

  func count(_ result: DeliveryResult) {
    deliveries[result]?.increment()
  }

  func count(_ outcome: LoginOutcome) {
    switch outcome {
    case .loggedIn: logins[.success]?.increment()
    case .wrongCredentials: logins[.wrongCredentials]?.increment()
    }
  }

  /// Counts a login that ended in an error.
  func countLogin(endedBy error: AuthError) {
    let result: LoginResult =
      switch error {
      case .throttled: .throttled
      case .overloaded: .overloaded
      case .cancelled: .cancelled
      default: .unavailable
      }
    logins[result]?.increment()
  }

  func report(_ gauges: StoreGauges, at now: Timestamp) {
    openSessions.set(gauges.openSessions)
    waitingMessages.set(gauges.waitingMessages)
    oldestMessageAge.set(Self.age(of: gauges.oldestMessage, at: now))
  }

  /// Kinds of which no message waits are reported, too: with 0.
  func report(_ backlogs: [OutboxMessage.Kind: OutboxMessage.Backlog], at now: Timestamp) {
    let known = Dictionary(grouping: backlogs) { OutboxMessage.Kind.known.contains($0.key) ? $0.key : nil }
    for (kind, meter) in messagesByKind { meter.set(known[kind, default: []].map(\.value.count).reduce(0, +)) }
    for (kind, meter) in ageByKind { meter.set(Self.age(of: known[kind, default: []].map(\.value.oldest).min(), at: now)) }
  }

  private static func age(of moment: Timestamp?, at now: Timestamp) -> Int64 {
    moment.map { max(0, now.secondsSince1970 - $0.secondsSince1970) } ?? 0
  }

  private static func metersByKind(_ label: String, _ factory: any MetricsFactory) -> [OutboxMessage.Kind?: Meter] {
    let kinds = OutboxMessage.Kind.known.map(Optional.some) + [nil]
    return Dictionary(
      uniqueKeysWithValues: kinds.map { kind in
        (kind, Meter(label: label, dimensions: [("kind", kind?.rawValue ?? "other")], factory: factory))
      })
  }
}

extension Counter {
  /// A counter for each case, which is the value of the dimension.
  static func each<Case: CaseIterable & Hashable & RawRepresentable<String>>(
    _ label: String, by dimension: String, _ factory: any MetricsFactory
  ) -> [Case: Counter] {
    Dictionary(
      uniqueKeysWithValues: Case.allCases.map { one in
        (one, Counter(label: label, dimensions: [(dimension, one.rawValue)], factory: factory))
      })
  }
}
