/// What the threads of a ``BcryptEngine`` share: who waits, how many lanes each thread uses, and how much work is left.
///
/// A value without threads and clocks. Calls get lanes first come, first served, always on a thread that uses the fewest.
struct BcryptQueue: Sendable {
  /// Somebody who waits for a digest.
  struct Call: Sendable {
    let cancellation: Cancellation
    /// To be called once.
    let answer: @Sendable (Result<[UInt8], PasswordHasherError>) -> Void
  }

  /// What a thread did since its last turn.
  struct Report {
    /// How many rounds, of all its lanes together, are no longer to be done: they were, or nobody wants them any more.
    var roundsSettled = 0
    var lanesFreed = 0
    /// What a round took, when all lanes were in use.
    var secondsPerRound: Double?
  }

  /// What a thread is to do now.
  enum Turn {
    /// Go on, with these too.
    case work(joining: [(call: Call, computation: BcryptComputation)])
    /// Hand a computation over, for a thread that uses at least two lanes fewer: they are faster apart.
    case handOver
    case end
  }

  private let lanesPerThread: Int
  private let maximumWait: Duration
  private var waiting = FIFO<(call: Call, computation: BcryptComputation)>()
  private var lanesInUse: [Int]
  /// Of all calls that wait or are in a lane.
  private var roundsLeft = 0
  /// What a round takes a thread whose lanes are all in use; nil until it is known.
  private var secondsPerRound: Double?
  private var isStopped = false

  /// - Parameter secondsPerRound: what to expect at first. Until there is a figure nobody is refused.
  init(threads: Int, lanesPerThread: Int, maximumWait: Duration, secondsPerRound: Double?) {
    precondition(threads > 0, "an engine needs a thread")
    precondition(maximumWait >= .zero, "nobody waits less than no time")
    self.lanesPerThread = lanesPerThread
    self.maximumWait = maximumWait
    self.secondsPerRound = secondsPerRound
    lanesInUse = Array(repeating: 0, count: threads)
  }

  /// How long a call that comes now has to wait for a lane, at most: as long as everything that is left takes. Nothing while
  /// there are free lanes.
  private var estimatedWait: Duration {
    let lanesFree = lanesInUse.count * lanesPerThread - lanesInUse.reduce(0, +)
    guard waiting.count >= lanesFree, let secondsPerRound else { return .zero }
    return .seconds(Double(roundsLeft) * secondsPerRound / Double(lanesInUse.count))
  }

  // MARK: Calls

  /// Lets a call wait for a lane, or refuses it.
  mutating func add(_ call: Call, for job: BcryptJob) throws(PasswordHasherError) {
    let wait = estimatedWait
    guard wait <= maximumWait else { throw .overloaded(retryAfter: wait) }
    waiting.append((call, BcryptComputation(job)))
    roundsLeft += job.rounds
  }

  /// Takes out a call that waits.
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

  /// A moving average, with a bound on what one sample adds: a pause of the machine does not make the engine refuse the next calls.
  mutating func notePace(_ sample: Double) {
    guard let average = secondsPerRound else { return secondsPerRound = sample }
    secondsPerRound = average + (min(sample, average * 4) - average) / 32
  }

  /// What `thread` is to do; nil for nothing, when all its lanes are free.
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

  /// To the head of the line, where it came from.
  mutating func handOver(_ computation: BcryptComputation, of call: Call, from thread: Int) {
    waiting.prepend((call, computation))
    lanesInUse[thread] -= 1
  }
}
