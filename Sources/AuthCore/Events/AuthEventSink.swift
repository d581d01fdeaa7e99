/// Where security events go: a log, a table, an alarm.
public protocol AuthEventSink: Sendable {
  /// Records an event. It is called while a response waits, so it must return at once and do slow work elsewhere.
  func record(_ event: AuthEvent)
}

/// Several event sinks as one.
public struct MultiplexEventSink: AuthEventSink {
  private let sinks: [any AuthEventSink]

  /// A sink that passes every event to all of these, in order.
  public init(_ sinks: any AuthEventSink...) {
    self.sinks = sinks
  }

  /// Passes the event on.
  public func record(_ event: AuthEvent) {
    for sink in sinks { sink.record(event) }
  }
}

/// An event sink that discards everything.
public struct NoOpEventSink: AuthEventSink {
  /// A sink that discards everything.
  public init() {}

  /// Discards the event.
  public func record(_ event: AuthEvent) {}
}
