internal import Glibc

/// Starts a thread that runs `body` and ends when it returns: for work that blocks or computes for long, which must not occupy a
/// thread of Swift's pool.
package func startThread(_ body: @escaping @Sendable () -> Void) {
  final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  var thread = pthread_t()
  let start = unsafe Unmanaged.passRetained(Start(body))
  // SAFETY: the new thread, and only it, takes over the retained box, once.
  let status = unsafe pthread_create(
    &thread, nil,
    { argument in
      unsafe Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue().body()
      return nil
    }, start.toOpaque())
  guard status == 0 else { fatalError("the system refused to start a thread (error \(status))") }
  pthread_detach(thread)
}

/// Runs a blocking function on a thread of its own.
package func onThread<Result: Sendable, Failure: Error>(
  _ body: @escaping @Sendable () throws(Failure) -> Result
) async throws(Failure) -> Result {
  let result = await withCheckedContinuation { continuation in
    startThread { continuation.resume(returning: Swift.Result { () throws(Failure) in try body() }) }
  }
  return try result.get()
}
