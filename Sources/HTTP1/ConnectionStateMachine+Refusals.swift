internal import NIOCore

/// How a client is refused.
extension ConnectionStateMachine {
  /// Counts the bytes of a read, before its parts are received.
  mutating func count(_ bytes: Int) {
    framing += bytes
  }

  /// The refusal if too many bytes were counted, once the parts of a read have been received.
  var refusalByCount: Refusal? {
    guard framing > limits.largestFraming else { return nil }
    return switch input {
    case .head: .headTooLarge
    case .body, .droppedBody: .framingTooLarge
    case .discarded: nil
    }
  }

  /// Accepts nothing more. The responses that are due are still sent, and the refusal last.
  mutating func refuse(_ refusal: Refusal, now: @autoclosure () -> NIODeadline) -> ConnectionActions {
    var actions = ConnectionActions(discarding: refusal.isByCount ? .bounded : .everything)
    switch input {
    // The fault comes after the last request.
    case .discarded: return .none
    case .head:
      isUnused = false
      responsesDue.append(.closed)
      actions.request = .refused(refusal)
    case .body:
      responsesDue[responsesDue.endIndex - 1] = .closed
      actions.request = .refused(refusal)
    // The request has its response or will get it, and that response is the last one.
    case .droppedBody where responsesDue.isEmpty: actions.closing = endOutput()
    case .droppedBody: responsesDue[responsesDue.endIndex - 1] = .closed
    }
    input = .discarded
    deadlines.body = nil
    if responsesDue.isEmpty { waitForClient(now: now()) } else { stopWaitingForClient() }
    return actions
  }
}

extension Refusal {
  /// Whether the client may go on sending without end.
  fileprivate var isByCount: Bool {
    switch self {
    case .headTooLarge, .framingTooLarge: true
    case .malformed, .unknownTransferCoding, .tooManyRequests: false
    }
  }
}
