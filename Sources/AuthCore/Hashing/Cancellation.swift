internal import Synchronization

/// Whether the answer to a call is still wanted. Each call has one of its own, by which the queue finds it.
final class Cancellation: Sendable {
  private let requested = Atomic(false)

  var isRequested: Bool { requested.load(ordering: .relaxed) }

  func request() {
    requested.store(true, ordering: .relaxed)
  }
}
