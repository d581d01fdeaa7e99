/// The state that the threads of a ``BcryptEngine`` share: the waiting calls, the lanes in use, and the work that is left.
///
/// It is a plain value and uses neither threads nor clocks. Calls get lanes in the order in which they came, each on a thread
/// that uses the fewest lanes.
struct BcryptQueue: Sendable {
  /// A caller who waits for a digest.
  struct Call: Sendable {
    let cancellation: Cancellation
    /// Resumes the caller. Must be called exactly once.
    let complete: @Sendable (Result<[UInt8], PasswordHasherError>) -> Void
    let queuedAt: ContinuousClock.Instant
    /// When the call first got a lane.
    var begunAt: ContinuousClock.Instant?

    init(
      cancellation: Cancellation, queuedAt: ContinuousClock.Instant = .now,
      complete: @escaping @Sendable (Result<[UInt8], PasswordHasherError>) -> Void
    ) {
      self.cancellation = cancellation
      self.queuedAt = queuedAt
      self.complete = complete
    }
  }

  /// A thread's work since its last turn.
  struct Report {
    /// The rounds in all lanes that were done, or are no longer needed because their calls were cancelled.
    var roundsSettled = 0
    var lanesFreed = 0
    /// How long a round took, if all lanes were in use.
    var secondsPerRound: Double?
  }

  /// A thread's next step.
  enum Turn {
    /// Continue, with these computations added.
    case work(joining: [(call: Call, computation: BcryptComputation)])
    /// Give up a computation: another thread uses at least two lanes fewer, and both are faster when the load is even.
    case handOver
    case end
  }

  private let lanesPerThread: Int
  private let maximumWait: Duration
  private var waiting = FIFO<(call: Call, computation: BcryptComputation)>()
  private var lanesInUse: [Int]
  /// The rounds left in all calls that are waiting or in a lane.
  private var roundsLeft = 0
  /// How long a round takes a thread whose lanes are all in use; nil until it is known.
  private var secondsPerRound: Double?
  private var isStopped = false

  /// - Parameter secondsPerRound: the first estimate. Without one, no call is refused until a thread has measured.
  init(threads: Int, lanesPerThread: Int, maximumWait: Duration, secondsPerRound: Double?) {
    precondition(threads > 0, "there are \(threads) threads; an engine needs at least 1")
    precondition(maximumWait >= .zero, "the maximum wait must not be negative")
    self.lanesPerThread = lanesPerThread
    self.maximumWait = maximumWait
    self.secondsPerRound = secondsPerRound
    lanesInUse = Array(repeating: 0, count: threads)
  }

  /// The longest that a new call waits for a lane: zero while lanes are free, otherwise as long as all remaining work takes.
  private var estimatedWait: Duration {
    let lanesFree = lanesInUse.count * lanesPerThread - lanesInUse.reduce(0, +)
    guard waiting.count >= lanesFree, let secondsPerRound else { return .zero }
    return .seconds(Double(roundsLeft) * secondsPerRound / Double(lanesInUse.count))
  }

  /// Whether another call would be refused.
  var isFull: Bool { estimatedWait > maximumWait }

  // MARK: Calls

  /// Queues a call for a lane, or refuses it.
  mutating func add(_ call: Call, for job: BcryptJob) throws(PasswordHasherError) {
    let wait = estimatedWait
    guard wait <= maximumWait else { throw .overloaded(retryAfter: wait) }
    waiting.append((call, BcryptComputation(job)))
    roundsLeft += job.rounds
  }

  /// Removes a waiting call.
  mutating func withdraw(_ cancellation: Cancellation) -> Call? {
    guard let (call, computation) = waiting.removeFirst(where: { $0.call.cancellation === cancellation }) else { return nil }
    roundsLeft -= computation.roundsLeft
    return call
  }

  mutating func stop() {
    isStopped = true
  }

  // MARK: Threads

  mutating func note(_ report: Report, of thread: Int) {
    lanesInUse[thread] -= report.lanesFreed
    roundsLeft -= report.roundsSettled
    if let sample = report.secondsPerRound { notePace(sample) }
  }

  /// Adds a sample to the moving average. A sample's weight is bounded, so that the engine does not refuse the next calls because
  /// the machine stood still for a moment.
  mutating func notePace(_ sample: Double) {
    guard let average = secondsPerRound else { return secondsPerRound = sample }
    secondsPerRound = average + (min(sample, average * 4) - average) / 32
  }

  /// The next step of `thread`; nil if it has nothing to do and all its lanes are free.
  mutating func nextTurn(of thread: Int) -> Turn? {
    if isStopped { return .end }
    if waiting.isEmpty, lanesInUse[thread] > lanesInUse.min()! + 1 { return .handOver }
    var joining: [(call: Call, computation: BcryptComputation)] = []
    while lanesInUse[thread] < lanesPerThread, lanesInUse[thread] == lanesInUse.min(), let next = waiting.popFirst() {
      joining.append(next)
      lanesInUse[thread] += 1
    }
    return lanesInUse[thread] == 0 ? nil : .work(joining: joining)
  }

  /// Puts a computation back at the head of the queue, because it was accepted before all waiting calls.
  mutating func handOver(_ computation: BcryptComputation, of call: Call, from thread: Int) {
    waiting.prepend((call, computation))
    lanesInUse[thread] -= 1
  }
}
