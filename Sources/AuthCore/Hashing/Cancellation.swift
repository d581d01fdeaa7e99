internal import Synchronization

/// The flag that cancels a call. Each call has its own, by which the queue finds the call.
final class Cancellation: Sendable {
  private let requested = Atomic(false)

  var isRequested: Bool { requested.load(ordering: .relaxed) }

  func request() {
    requested.store(true, ordering: .relaxed)
  }
}
