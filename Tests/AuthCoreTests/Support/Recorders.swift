import AuthCore
import Synchronization

/// Keeps the events that it is told of.
final class RecordedEvents: AuthEventSink {
  private let events = Mutex<[AuthEvent]>([])

  func record(_ event: AuthEvent) {
    events.withLock { $0.append(event) }
  }

  var all: [AuthEvent] { events.withLock { $0 } }
  var kinds: [AuthEvent.Kind] { all.map(\.kind) }

  /// What happens during `work`.
  func during(_ work: () async throws -> Void) async rethrows -> [AuthEvent] {
    let before = all.count
    try await work()
    return Array(all.dropFirst(before))
  }
}

/// Keeps the messages that it is to deliver, and fails while it is told to.
final class RecordingDelivery: ResetDelivery {
  struct Failure: Error {}

  private struct State {
    var messages: [ResetMessage] = []
    var isFailing = false
  }

  private let state = Mutex(State())

  func deliver(_ message: ResetMessage) async throws {
    let isFailing = state.withLock { state in
      state.messages.append(message)
      return state.isFailing
    }
    if isFailing { throw Failure() }
  }

  var messages: [ResetMessage] { state.withLock { $0.messages } }

  var isFailing: Bool {
    get { state.withLock { $0.isFailing } }
    set { state.withLock { $0.isFailing = newValue } }
  }
}

/// Keeps what a store is asked to do, in order.
final class RecordedOperations: Sendable {
  private let operations = Mutex<[InterceptedStore.Operation]>([])

  var all: [InterceptedStore.Operation] { operations.withLock { $0 } }

  func append(_ operation: InterceptedStore.Operation) {
    operations.withLock { $0.append(operation) }
  }
}

/// Keeps tokens that are issued on the way.
final class TokenBox: Sendable {
  private let tokens = Mutex<[ResetToken]>([])

  var all: [ResetToken] { tokens.withLock { $0 } }

  func append(_ token: ResetToken) {
    tokens.withLock { $0.append(token) }
  }
}
