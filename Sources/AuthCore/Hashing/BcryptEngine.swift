internal import Glibc

/// Threads that compute bcrypt, several computations on each at a time.
///
/// A job waits only while all lanes are in use; one that would wait longer than `maximumWait` is refused at once. The threads
/// sleep when there is no work, and end with the last reference to the engine.
final class BcryptEngine: Sendable {
  /// How many computations a thread advances together. In a debug build libcrypto, with one computation at a time, is faster.
  #if DEBUG
  static let lanesPerThread = 1
  #else
  static let lanesPerThread = BlowfishSlab.maximumLanes
  #endif

  /// The amount by which the threads' `nice` value is raised. At 5 more, Linux gives a thread a weight of 335 where others have
  /// 1,024 (`sched_prio_to_weight`): hashing gets a quarter of a contended processor, so a flood of logins takes little from
  /// other requests.
  private static let niceness: Int32 = 5

  private let queue: Monitor<BcryptQueue>
  private let metrics: HashingMetrics
  private let lanes: Int

  /// - Parameters:
  ///   - secondsPerRound: how long a round takes when all lanes of a thread are in use; nil to measure it.
  ///   - gate: until it is true the threads take no call; for tests.
  init(
    threads: Int, lanesPerThread: Int = BcryptEngine.lanesPerThread, maximumWait: Duration, secondsPerRound: Double? = nil,
    startingAt gate: Monitor<Bool>? = nil
  ) {
    queue = Monitor(
      BcryptQueue(
        threads: threads, lanesPerThread: lanesPerThread, maximumWait: maximumWait, secondsPerRound: secondsPerRound))
    lanes = threads * lanesPerThread
    metrics = HashingMetrics()
    metrics.noteStart(lanes: lanes)
    let completions = BcryptCompletions()
    for index in 0..<threads {
      startThread { [queue, metrics] in
        // On Linux this changes the calling thread alone: sched(7), "The nice value".
        _ = nice(Self.niceness)
        // Measured before the first call, so that the first burst of calls is refused correctly on slow and fast machines.
        if index == 0, secondsPerRound == nil {
          let measured = BcryptWorker.measureSecondsPerRound(lanes: lanesPerThread)
          queue.withLock { $0.notePace(measured) }
        }
        gate?.wait { $0 ? () : nil }
        var worker = BcryptWorker(index, of: queue, completions: completions, lanes: lanesPerThread, metrics: metrics)
        worker.run()
      }
    }
  }

  deinit {
    // No call is waiting: each holds a reference to the engine.
    queue.update { $0.stop() }
    metrics.noteEnd(lanes: lanes)
  }

  /// Computes the job's digest on one of the threads.
  func digest(of job: BcryptJob) async throws(PasswordHasherError) -> [UInt8] {
    let cancellation = Cancellation()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let call = BcryptQueue.Call(cancellation: cancellation) { continuation.resume(returning: $0) }
        do throws(PasswordHasherError) { try begin(job, for: call) } catch { return call.complete(.failure(error)) }
        // The handler below may have run before there was anything to withdraw.
        if Task.isCancelled { cancel(cancellation) }
      }
    } onCancel: {
      cancel(cancellation)
    }
    return try result.get()
  }

  /// Queues the call for a lane, or refuses it. The caller must keep the engine until the call is complete.
  func begin(_ job: BcryptJob, for call: BcryptQueue.Call) throws(PasswordHasherError) {
    // Before a thread can take the call, so that the length is never negative.
    metrics.noteQueuing()
    do { try queue.update { (queue) throws(PasswordHasherError) in try queue.add(call, for: job) } } catch {
      metrics.noteRefusal()
      throw error
    }
  }

  /// Whether another call would be refused.
  var isOverloaded: Bool { queue.withLock { $0.isFull } }

  /// Ends a waiting call at once, and a call that is in a lane, or moving to another, within a slice.
  private func cancel(_ cancellation: Cancellation) {
    cancellation.request()
    guard let call = queue.withLock({ $0.withdraw(cancellation) }) else { return }
    metrics.noteWithdrawal()
    call.complete(.failure(.cancelled))
  }
}
