internal import Glibc

/// Threads that compute bcrypt, each several computations at a time: a batch that jobs join when they come and leave when they
/// are done.
///
/// A job waits only while all lanes are in use, and one that would then wait longer than `maximumWait` is refused at once. The
/// threads sleep when there is no work, and end with the last reference to the engine.
final class BcryptEngine: Sendable {
  /// How many computations a thread advances together. In a build for debugging libcrypto is faster with one after the other.
  #if DEBUG
    static let lanesPerThread = 1
  #else
    static let lanesPerThread = BlowfishSlab.maximumLanes
  #endif

  /// What is added to the `nice` value of the threads. Linux gives a thread at 5 more a weight of 335 where others have 1,024
  /// (`sched_prio_to_weight`): of a processor that both want, hashing gets a quarter, so a flood of logins takes little from
  /// other requests.
  private static let niceness: Int32 = 5

  private let queue: Monitor<BcryptQueue>

  /// - Parameter secondsPerRound: what a round takes when all lanes of a thread are in use; nil to measure it.
  init(
    threads: Int, lanesPerThread: Int = BcryptEngine.lanesPerThread, maximumWait: Duration, secondsPerRound: Double? = nil
  ) {
    queue = Monitor(
      BcryptQueue(
        threads: threads, lanesPerThread: lanesPerThread, maximumWait: maximumWait, secondsPerRound: secondsPerRound))
    let answers = BcryptAnswers()
    for index in 0..<threads {
      startThread { [queue] in
        // Of the calling thread alone, on Linux: sched(7), "The nice value".
        _ = nice(Self.niceness)
        // The first crowd is judged too, on a slow machine as on a fast one.
        if index == 0, secondsPerRound == nil {
          let measured = BcryptWorker.measureSecondsPerRound(lanes: lanesPerThread)
          queue.withLock { $0.notePace(measured) }
        }
        var worker = BcryptWorker(index, of: queue, answers: answers, lanes: lanesPerThread)
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
    let cancellation = Cancellation()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let call = BcryptQueue.Call(cancellation: cancellation) { continuation.resume(returning: $0) }
        do throws(PasswordHasherError) { try begin(job, for: call) } catch { return call.answer(.failure(error)) }
        // The handler below may have run before there was anything to withdraw.
        if Task.isCancelled { cancel(cancellation) }
      }
    } onCancel: {
      cancel(cancellation)
    }
    return try result.get()
  }

  /// Lets the call wait for a lane, or refuses it. The caller keeps the engine until the answer has come.
  func begin(_ job: BcryptJob, for call: BcryptQueue.Call) throws(PasswordHasherError) {
    try queue.update { (queue) throws(PasswordHasherError) in try queue.add(call, for: job) }
  }

  /// Answers a call that waits at once. One in a lane, or on its way to another, is answered within a slice.
  private func cancel(_ cancellation: Cancellation) {
    cancellation.request()
    queue.withLock { $0.withdraw(cancellation) }?.answer(.failure(.cancelled))
  }
}
