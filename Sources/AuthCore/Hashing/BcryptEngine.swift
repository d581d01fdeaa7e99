/// Threads that compute bcrypt, and the queue of jobs that wait for them, first come first served.
///
/// The queue is bounded by time: a job that would wait longer than `maximumWait` is refused at once. The estimate counts the
/// rounds of all jobs ahead and the pace that the threads have shown. The threads end with the last reference to the engine.
final class BcryptEngine: Sendable {
  private struct Waiting: Sendable {
    let ticket: UInt64
    let job: BcryptJob
    let continuation: CheckedContinuation<[UInt8]?, Never>
  }

  private struct Queue: Sendable {
    var waiting: [Waiting] = []
    var nextTicket: UInt64 = 0
    /// Rounds of all jobs that wait or run.
    var rounds = 0
    var secondsPerRound: Double
    var isStopped = false

    /// What a thread is to do now; nil for nothing.
    mutating func nextTurn() -> Turn? {
      if isStopped { return .end }
      return waiting.isEmpty ? nil : .run(waiting.removeFirst())
    }
  }

  private enum Turn {
    case run(Waiting)
    case end
  }

  /// What a core of 2020 takes: good for the milliseconds until the first thread has measured its own pace.
  static let typicalSecondsPerRound = 65e-6

  private let queue: Monitor<Queue>
  private let threads: Int
  private let maximumWait: Duration

  /// - Parameter secondsPerRound: what to expect at first; nil to measure it.
  init(threads: Int, maximumWait: Duration, secondsPerRound: Double?) {
    precondition(threads > 0, "an engine needs a thread")
    self.threads = threads
    self.maximumWait = maximumWait
    queue = Monitor(Queue(secondsPerRound: secondsPerRound ?? Self.typicalSecondsPerRound))
    for index in 0..<threads {
      startThread { [queue] in
        // On a machine much slower than expected the first crowd would otherwise wait far beyond the limit.
        if index == 0, secondsPerRound == nil { Self.measurePace(for: queue) }
        Self.work(on: queue)
      }
    }
  }

  deinit {
    // Nobody waits: whoever does holds a reference.
    queue.update { $0.isStopped = true }
  }

  /// The job's digest, computed on one of the threads.
  func digest(of job: BcryptJob) async throws(PasswordHasherError) -> [UInt8] {
    let ticket = try reserve(job)
    let digest = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.update { $0.waiting.append(Waiting(ticket: ticket, job: job, continuation: continuation)) }
        // The handler below may have run before there was anything to remove.
        if Task.isCancelled { cancel(ticket) }
      }
    } onCancel: {
      cancel(ticket)
    }
    guard let digest else { throw .cancelled }
    return digest
  }

  /// Counts the job in, or refuses it, in one step: no crowd of callers gets past the limit together.
  private func reserve(_ job: BcryptJob) throws(PasswordHasherError) -> UInt64 {
    let (limit, threads) = (maximumWait.inSeconds, threads)
    let admission: Result<UInt64, PasswordHasherError> = queue.update { queue in
      let wait = Double(queue.rounds) * queue.secondsPerRound / Double(threads)
      guard wait <= limit else { return .failure(.overloaded(retryAfter: .seconds(wait - limit))) }
      queue.rounds += job.rounds
      queue.nextTicket += 1
      return .success(queue.nextTicket)
    }
    return try admission.get()
  }

  private func cancel(_ ticket: UInt64) {
    let removed = queue.update { queue -> Waiting? in
      guard let index = queue.waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
      queue.rounds -= queue.waiting[index].job.rounds
      return queue.waiting.remove(at: index)
    }
    removed?.continuation.resume(returning: nil)
  }

  private static func work(on queue: Monitor<Queue>) {
    while case .run(let next) = queue.wait(for: { $0.nextTurn() }) {
      let (digest, secondsPerRound) = run(next.job)
      queue.update { queue in
        queue.rounds -= next.job.rounds
        // A moving average, and a bound on what one job adds: a pause of the machine does not make the engine refuse the next ones.
        queue.secondsPerRound += (min(secondsPerRound, queue.secondsPerRound * 4) - queue.secondsPerRound) / 8
      }
      next.continuation.resume(returning: digest)
    }
  }

  private static func measurePace(for queue: Monitor<Queue>) {
    // 64 rounds, about 4 ms: long enough to measure, short enough not to be noticed.
    let job = BcryptJob(key: [], salt: [UInt8](repeating: 0, count: BcryptString.saltBytes), cost: 6)
    let (_, secondsPerRound) = run(job)
    queue.update { $0.secondsPerRound = secondsPerRound }
  }

  private static func run(_ job: BcryptJob) -> (digest: [UInt8], secondsPerRound: Double) {
    let start = ContinuousClock.now
    let digest = job.digest()
    return (digest, (ContinuousClock.now - start).inSeconds / Double(job.rounds))
  }
}

extension Duration {
  fileprivate var inSeconds: Double { self / .seconds(1) }
}
