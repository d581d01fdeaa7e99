internal import NIOCore

/// Responses, and how the connection ends.
extension ConnectionStateMachine {
  /// The request that has waited longest gets its response.
  ///
  /// - Returns: what happens to the connection then, which the response says, and the actions for when it is written.
  mutating func respond(now: @autoclosure () -> NIODeadline) -> (ending: Ending, actions: ConnectionActions) {
    var ending = responsesDue.removeFirst()
    if course != .open, responsesDue.isEmpty { ending = .closed }
    let closing = ending == .closed ? endOutput() : nil
    if responsesDue.isEmpty, !isReceiving { waitForClient(now: now()) }
    guard ending != .closed else { return (ending, ConnectionActions(closing: closing)) }
    startBodyClock(now: now())
    return (ending, ConnectionActions(sendsContinue: sendContinue(), reads: isReadHeld && read()))
  }

  /// The client has closed its side.
  mutating func inputClosed() -> ConnectionActions {
    if course == .open { course = .inputClosed }
    if case .head = input { input = .discarded }
    return responsesDue.isEmpty ? ConnectionActions(closing: endOutput()) : .none
  }

  /// The server is stopping. The client of a new connection has a request for it, which may be on its way: it has a second.
  ///
  /// - Parameter isAllSent: whether no bytes wait to be sent.
  mutating func quiesce(isAllSent: @autoclosure () -> Bool) -> ConnectionActions {
    let isRequestExpected = isUnused && course == .open && output == .open
    course = .quiescing
    return isRequestExpected ? ConnectionActions(closing: .unlessUsed) : endWithResponsesDue(isAllSent: isAllSent())
  }

  /// The second has passed, which ``ConnectionActions/Closing/unlessUsed`` asked for.
  mutating func endUnlessUsed(isAllSent: @autoclosure () -> Bool) -> ConnectionActions {
    isUnused && output == .open ? endWithResponsesDue(isAllSent: isAllSent()) : .none
  }

  private mutating func endWithResponsesDue(isAllSent: @autoclosure () -> Bool) -> ConnectionActions {
    var actions = ConnectionActions()
    switch input {
    case .discarded: break
    case .head:
      input = .discarded
      actions.discarding = .everything
    case .body(var request):
      request.isLast = true
      input = .body(request)
    case .droppedBody: input = .droppedBody(isLast: true)
    }
    guard responsesDue.isEmpty else { return actions }
    actions.closing =
      switch output {
      case .ended: .soon
      case .open where !isReceiving && isAllSent(): .atOnce
      case .open: endOutput()
      }
    return actions
  }

  /// Our side is closed, which ``ConnectionActions/Closing/output`` asked for.
  func outputClosed() -> ConnectionActions {
    ConnectionActions(closing: course == .quiescing ? .soon : nil)
  }

  mutating func endOutput() -> ConnectionActions.Closing? {
    guard output == .open else { return nil }
    output = .ended
    return .output
  }
}
