internal import Glibc

/// Starts a thread of our own, for work that blocks or computes: never on a cooperative thread.
///
/// The thread ends when `body` returns.
package func startThread(_ body: @escaping @Sendable () -> Void) {
  final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  var thread = pthread_t()
  let start = unsafe Unmanaged.passRetained(Start(body))
  // SAFETY: the retained box is taken over, once, by the thread that is started with it.
  let status = unsafe pthread_create(
    &thread, nil,
    { argument in
      unsafe Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue().body()
      return nil
    }, start.toOpaque())
  guard status == 0 else { fatalError("the system refused to start a thread (error \(status))") }
  pthread_detach(thread)
}
