internal import Glibc

/// Threads that compute bcrypt, each several computations at a time: a batch that jobs join when they come and leave when they
/// are done.
///
/// A job waits only while all lanes are in use, and one that would then wait longer than `maximumWait` is refused at once. The
/// threads sleep when there is no work, and end with the last reference to the engine.
final class BcryptEngine: Sendable {
  /// How many computations a thread advances together. In a build for debugging libcrypto is faster with one after the other.
  #if DEBUG
    static let lanes = 1
  #else
    static let lanes = BlowfishSlab.maximumLanes
  #endif

  /// What is added to the `nice` value of the threads: with 5 they get a third of a processor that somebody else of the
  /// process wants too, so that a flood of log ins leaves the other requests alone, and yet goes on.
  private static let niceness: Int32 = 5

  private let queue: Monitor<BcryptQueue>

  /// - Parameter secondsPerRound: what a round takes when all lanes of a thread are in use; nil to measure it.
  init(threads: Int, lanes: Int = BcryptEngine.lanes, maximumWait: Duration, secondsPerRound: Double? = nil) {
    precondition(threads > 0, "an engine needs a thread")
    queue = Monitor(
      BcryptQueue(threads: threads, lanesOfEachThread: lanes, maximumWait: maximumWait, secondsPerRound: secondsPerRound))
    for index in 0..<threads {
      startThread { [queue] in
        // On Linux of the calling thread alone: nice(2), "C library/kernel differences".
        _ = nice(Self.niceness)
        var worker = BcryptWorker(index, of: queue, lanes: lanes)
        // The first crowd is judged too, on a slow machine as on a fast one.
        if index == 0, secondsPerRound == nil { worker.measurePace() }
        worker.run()
      }
    }
  }

  deinit {
    // Nobody waits: whoever does holds a reference.
    queue.update { $0.stop() }
  }

  /// The job's digest, computed on one of the threads.
  func digest(of job: BcryptJob) async throws(PasswordHasherError) -> [UInt8] {
    try queue.update(waking: .none) { $0.admit(job) }.get()
    let cancellation = Cancellation()
    let digest = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let call = BcryptQueue.Call(cancellation: cancellation) { continuation.resume(returning: $0) }
        queue.update(waking: .one) { $0.append(call, for: job) }
        // The handler below may have run before there was anything to withdraw.
        if Task.isCancelled { cancel(cancellation) }
      }
    } onCancel: {
      cancel(cancellation)
    }
    guard let digest else { throw .cancelled }
    return digest
  }

  /// Answers a call that waits at once. One in a lane is answered by its thread, within a slice.
  private func cancel(_ cancellation: Cancellation) {
    cancellation.request()
    queue.update(waking: .none) { $0.withdraw(cancellation) }?.answer(nil)
  }
}
