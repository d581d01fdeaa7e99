internal import NIOCore

/// How long the connection waits for its client.
extension ConnectionStateMachine {
  mutating func becomeActive(now: NIODeadline) {
    deadlines.head = now + limits.timeout
  }

  /// - Parameter isWritable: whether the client has read enough for more to be sent.
  mutating func writabilityChanged(_ isWritable: Bool, now: NIODeadline) {
    deadlines.reading = isWritable ? nil : now + limits.timeout
  }

  /// - Returns: when to check again; nil when the connection has to be closed.
  func nextCheck(now: NIODeadline) -> NIODeadline? {
    // A deadline that is set between two checks is never before the second.
    let shortest = min(limits.timeout, limits.keepAliveTimeout)
    let deadline = min(deadlines.earliest ?? .distantFuture, now + shortest)
    return deadline <= now ? nil : deadline
  }

  /// Everything that arrived in one read has been received.
  mutating func readCompleted(now: @autoclosure () -> NIODeadline) {
    startBodyClock(now: now())
    if deadlines.idle != nil, hasPartOfHead { waitForClient(now: now()) }
  }

  /// Most requests arrive in one read, and their bodies take no time. While earlier responses are due, the body may have to wait
  /// for us.
  mutating func startBodyClock(now: @autoclosure () -> NIODeadline) {
    guard isReceiving, deadlines.body == nil, responsesDue.count <= 1 else { return }
    deadlines.body = now() + limits.timeout
  }

  /// No response is due, and no body is being received: the client sends another request, or closes the connection.
  mutating func waitForClient(now: NIODeadline) {
    let isIdle = !isDiscarding && output == .open && !hasPartOfHead
    deadlines.idle = isIdle ? now + limits.keepAliveTimeout : nil
    deadlines.head = isIdle ? nil : now + limits.timeout
  }

  /// Neither a request nor the end of the connection is waited for.
  mutating func stopWaitingForClient() {
    deadlines.idle = nil
    deadlines.head = nil
  }

  /// Whether some bytes of a request have been counted, but not its whole head.
  private var hasPartOfHead: Bool { input == .head && framing > 0 }
}

/// When the connection stops waiting for its client: nil for what it does not wait for.
struct ClientDeadlines {
  /// For the first byte of a further request.
  var idle: NIODeadline?
  /// For the first request or the rest of another's head; for the client to close the connection after the last response.
  var head: NIODeadline?
  /// For the rest of a body.
  var body: NIODeadline?
  /// For the client to read responses.
  var reading: NIODeadline?

  var earliest: NIODeadline? { [idle, head, body, reading].compactMap(\.self).min() }
}
