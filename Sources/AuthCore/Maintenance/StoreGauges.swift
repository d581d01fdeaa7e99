/// What is watched in a store while it is in use: it is read now and then, and reported as metrics.
public struct StoreGauges: Sendable, Equatable {
  /// The number of sessions that are open.
  public let openSessions: Int
  /// The number of messages that wait to be delivered, including those that are being delivered.
  public let waitingMessages: Int
  /// When the oldest of the waiting messages was queued; nil if none waits.
  public let oldestMessage: Timestamp?

  /// Gauges with these values.
  public init(openSessions: Int, waitingMessages: Int, oldestMessage: Timestamp?) {
    self.openSessions = openSessions
    self.waitingMessages = waitingMessages
    self.oldestMessage = oldestMessage
  }
}
