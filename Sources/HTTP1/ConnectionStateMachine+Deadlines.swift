internal import NIOCore

/// How long the connection waits for its client.
extension ConnectionStateMachine {
  mutating func becomeActive(now: NIODeadline) {
    deadlines.idleSince = now
  }

  /// - Parameter isWritable: whether the client has read enough for more to be sent.
  mutating func writabilityChanged(_ isWritable: Bool, now: NIODeadline) {
    deadlines.unwritableSince = isWritable ? nil : now
  }

  /// - Returns: when to check again; nil when the connection has to be closed.
  func nextCheck(now: NIODeadline) -> NIODeadline? {
    let deadline = deadlines.earliest(limits.timeout, now: now)
    return deadline <= now ? nil : deadline
  }

  /// Everything that arrived in one read has been received.
  mutating func readCompleted(now: @autoclosure () -> NIODeadline) {
    startBodyClock(now: now())
  }

  /// Most requests arrive in one read, and their bodies take no time. While earlier responses are due, the body may have to wait
  /// for us.
  mutating func startBodyClock(now: @autoclosure () -> NIODeadline) {
    guard isReceiving, deadlines.bodySince == nil, responsesDue.count <= 1 else { return }
    deadlines.bodySince = now()
  }
}

/// The times since which the connection has been waiting for its client. Each wait may last equally long.
struct ClientDeadlines {
  /// For a request with its whole head, or for the client to close the connection. No response is due.
  var idleSince: NIODeadline?
  /// For the rest of a body.
  var bodySince: NIODeadline?
  /// For the client to read responses.
  var unwritableSince: NIODeadline?

  /// When the first of these waits times out; if there is none, the timeout from now.
  func earliest(_ timeout: TimeAmount, now: NIODeadline) -> NIODeadline {
    var earliest = now
    for since in [idleSince, bodySince, unwritableSince] { if let since, since < earliest { earliest = since } }
    return earliest + timeout
  }
}
