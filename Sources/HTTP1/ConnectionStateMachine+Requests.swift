internal import NIOCore
internal import NIOHTTP1

/// What the client sends.
extension ConnectionStateMachine {
  mutating func receive(_ head: HTTPRequestHead, now: @autoclosure () -> NIODeadline) -> ConnectionActions {
    guard case .head = input else { return .none }
    isUnused = false
    let fields = ConnectionFields(head.headers)
    if let refusal = fields.refusal(of: head) { return refuse(refusal, now: now()) }
    guard responsesDue.count < limits.mostRequestsHeld else { return refuse(.tooManyRequests, now: now()) }
    let isTooLarge = fields.contentLength > limits.largestBody
    let isAwaited = fields.expectsContinue && head.version == .http1_1
    // A client that waits and is refused may send its body or a request: the two can't be told apart.
    let ending = isAwaited && isTooLarge || course == .quiescing ? .closed : fields.ending(of: head)
    responsesDue.append(ending)
    stopWaitingForClient()
    guard !isTooLarge else {
      input = .droppedBody(isLast: ending == .closed)
      return ConnectionActions(request: .tooLarge(head))
    }
    input = .body(PartialRequest(head: head, isLast: ending == .closed, awaitsContinue: isAwaited))
    return ConnectionActions(sendsContinue: sendContinue())
  }

  mutating func receive(_ part: ByteBuffer) -> ConnectionActions {
    framing -= part.readableBytes * (1 + limits.framingForEachByte)
    guard case .body(var request) = input else { return .none }
    // So that the body has one owner, and grows without being copied.
    input = .discarded
    request.awaitsContinue = false
    request.append(part)
    guard request.body.readableBytes <= limits.largestBody else {
      input = .droppedBody(isLast: request.isLast)
      return ConnectionActions(request: .tooLarge(request.head))
    }
    input = .body(request)
    return .none
  }

  mutating func receiveEnd(now: @autoclosure () -> NIODeadline) -> ConnectionActions {
    framing = 0
    let isLast: Bool
    var actions = ConnectionActions()
    switch input {
    case .head, .discarded: return .none
    case .droppedBody(let isLastOne): isLast = isLastOne
    case .body(let request):
      isLast = request.isLast
      actions.request = .whole(request.head, request.body)
    }
    input = isLast ? .discarded : .head
    if isLast { actions.discarding = .everything }
    deadlines.body = nil
    if responsesDue.isEmpty { waitForClient(now: now()) }
    return actions
  }

  /// A read is wanted.
  ///
  /// - Returns: whether it is done now. Otherwise ``ConnectionActions/reads`` asks for it later.
  mutating func read() -> Bool {
    isReadHeld = responsesDue.count >= limits.mostResponsesDue && !isDiscarding
    return !isReadHeld
  }

  /// Whether to send `100 Continue` now: while other responses are due, it would be mistaken for one of them.
  mutating func sendContinue() -> Bool {
    guard responsesDue.count == 1, case .body(var request) = input, request.awaitsContinue else { return false }
    request.awaitsContinue = false
    input = .body(request)
    return true
  }

  var isReceiving: Bool {
    switch input {
    case .head, .discarded: false
    case .body, .droppedBody: true
    }
  }

  var isDiscarding: Bool {
    if case .discarded = input { true } else { false }
  }
}

extension ConnectionStateMachine.PartialRequest {
  fileprivate mutating func append(_ part: ByteBuffer) {
    // Most bodies have one part.
    if body.readableBytes == 0 { body = part } else { body.writeImmutableBuffer(part) }
  }
}
