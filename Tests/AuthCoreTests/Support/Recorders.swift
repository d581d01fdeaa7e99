import AuthCore
import AuthTesting
import Synchronization

/// An event sink that records all events.
final class RecordedEvents: AuthEventSink {
  private let events = Mutex<[AuthEvent]>([])

  func record(_ event: AuthEvent) {
    events.withLock { $0.append(event) }
  }

  var all: [AuthEvent] { events.withLock { $0 } }
  var kinds: [AuthEvent.Kind] { all.map(\.kind) }

  /// The events during `work`.
  func during(_ work: () async throws -> Void) async rethrows -> [AuthEvent] {
    let before = all.count
    try await work()
    return Array(all.dropFirst(before))
  }
}

/// A delivery that records all messages, and fails while `isFailing` is set.
final class RecordingDelivery: MessageDelivery {
  struct Failure: Error {}

  private struct State {
    var messages: [AuthMessage] = []
    var isFailing = false
  }

  private let state = Mutex(State())

  func deliver(_ message: AuthMessage) async throws {
    let isFailing = state.withLock { state in
      state.messages.append(message)
      return state.isFailing
    }
    if isFailing { throw Failure() }
  }

  var messages: [AuthMessage] { state.withLock { $0.messages } }

  var isFailing: Bool {
    get { state.withLock { $0.isFailing } }
    set { state.withLock { $0.isFailing = newValue } }
  }

  /// Delivers all messages that are due, and returns those that were delivered.
  @discardableResult
  func deliverAll(from auth: Auth) async throws -> [AuthMessage] {
    let before = messages.count
    while try await auth.deliver(through: self) != .nothingDue {}
    return Array(messages.dropFirst(before))
  }
}

/// The operations of a store, in order.
final class RecordedOperations: Sendable {
  private let operations = Mutex<[InterceptingStore.Operation]>([])

  var all: [InterceptingStore.Operation] { operations.withLock { $0 } }

  func append(_ operation: InterceptingStore.Operation) {
    operations.withLock { $0.append(operation) }
  }
}

/// The tokens that a test has received so far.
final class TokenBox: Sendable {
  private let tokens = Mutex<[ResetToken]>([])

  var all: [ResetToken] { tokens.withLock { $0 } }

  func append(_ token: ResetToken) {
    tokens.withLock { $0.append(token) }
  }
}
