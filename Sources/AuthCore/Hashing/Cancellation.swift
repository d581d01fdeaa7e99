internal import Synchronization

/// The mark by which a call is cancelled. Each call has its own, and the queue finds the call by it.
final class Cancellation: Sendable {
  private let requested = Atomic(false)

  var isRequested: Bool { requested.load(ordering: .relaxed) }

  func request() {
    requested.store(true, ordering: .relaxed)
  }
}
