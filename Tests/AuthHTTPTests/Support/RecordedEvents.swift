import AuthCore
import Synchronization

/// An event sink that records all events.
final class RecordedEvents: AuthEventSink {
  private let events = Mutex<[AuthEvent]>([])

  func record(_ event: AuthEvent) {
    events.withLock { $0.append(event) }
  }

  /// Returns the events since the last call.
  func take() -> [AuthEvent] {
    events.withLock { events in
      defer { events = [] }
      return events
    }
  }
}
