/// Where security events go: a log, a table, an alarm.
public protocol AuthEventSink: Sendable {
  /// Takes note of an event. Called on the way to an answer, it returns at once: what has to wait is done elsewhere.
  func record(_ event: AuthEvent)
}

/// Several takers of events as one.
public struct MultiplexEventSink: AuthEventSink {
  private let takers: [any AuthEventSink]

  public init(_ takers: any AuthEventSink...) {
    self.takers = takers
  }

  public func record(_ event: AuthEvent) {
    for taker in takers { taker.record(event) }
  }
}

/// Takes note of nothing.
public struct NoOpEventSink: AuthEventSink {
  public init() {}

  public func record(_ event: AuthEvent) {}
}
