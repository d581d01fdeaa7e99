/// What the threads of a ``BcryptEngine`` share: who waits, how many lanes each thread uses, and how much work is left.
///
/// A value without threads and clocks. Calls get lanes first come, first served, always on a thread that uses the fewest.
struct BcryptQueue: Sendable {
  /// Somebody who waits for a digest.
  struct Call: Sendable {
    let cancellation: Cancellation
    /// Takes the digest, or nil for none. To be called once.
    let answer: @Sendable ([UInt8]?) -> Void
  }

  /// What a thread did since its last turn.
  struct Report {
    /// Rounds of all its lanes together that are no longer left, because they were done or nobody wants them.
    var rounds = 0
    /// How many lanes became free.
    var left = 0
    /// What a round took, when all lanes were in use.
    var secondsPerRound: Double?
  }

  /// What a thread is to do now.
  enum Turn {
    /// Take these in, if any, and go on.
    case join([(Call, BcryptComputation)])
    /// Hand a computation back, for a thread that uses at least two lanes less: they are faster apart.
    case handBack
    case end
  }

  private let lanesOfEachThread: Int
  private let maximumWait: Duration
  private var waiting: [(call: Call, computation: BcryptComputation)] = []
  private var lanesInUse: [Int]
  /// Calls that were admitted and have no answer yet.
  private var admitted = 0
  /// Of all of them together.
  private var roundsLeft = 0
  /// What a round takes a thread whose lanes are all in use; nil until it is known.
  private var secondsPerRound: Double?
  private var isStopped = false

  /// - Parameter secondsPerRound: what to expect at first. Until there is a figure nobody is refused.
  init(threads: Int, lanesOfEachThread: Int, maximumWait: Duration, secondsPerRound: Double?) {
    self.lanesOfEachThread = lanesOfEachThread
    self.maximumWait = maximumWait
    self.secondsPerRound = secondsPerRound
    lanesInUse = Array(repeating: 0, count: threads)
  }

  /// How long a call that comes now has to wait for a lane, at most: as long as everything that is left takes. Nothing while
  /// there are free lanes.
  private var estimatedWait: Duration {
    guard admitted >= lanesInUse.count * lanesOfEachThread, let secondsPerRound else { return .zero }
    return .seconds(Double(roundsLeft) * secondsPerRound / Double(lanesInUse.count))
  }

  // MARK: Calls

  /// Counts a call in, or refuses it, in one step: no crowd of callers gets past the limit together.
  mutating func admit(_ job: BcryptJob) -> Result<Void, PasswordHasherError> {
    let wait = estimatedWait
    guard wait <= maximumWait else { return .failure(.overloaded(retryAfter: wait)) }
    admitted += 1
    roundsLeft += job.rounds
    return .success(())
  }

  /// - Precondition: the job was admitted.
  mutating func append(_ call: Call, for job: BcryptJob) {
    waiting.append((call, BcryptComputation(job)))
  }

  /// Takes out a call that waits.
  mutating func withdraw(_ cancellation: Cancellation) -> Call? {
    guard let index = waiting.firstIndex(where: { $0.call.cancellation === cancellation }) else { return nil }
    let (call, computation) = waiting.remove(at: index)
    admitted -= 1
    roundsLeft -= computation.roundsLeft
    return call
  }

  mutating func stop() {
    isStopped = true
  }

  // MARK: Threads

  /// What `thread` is to do after what it reports; nil for nothing, when all its lanes are free.
  mutating func nextTurn(of thread: Int, after report: Report = Report()) -> Turn? {
    admitted -= report.left
    lanesInUse[thread] -= report.left
    roundsLeft -= report.rounds
    if let sample = report.secondsPerRound { notePace(sample) }
    if isStopped { return .end }

    if waiting.isEmpty, lanesInUse[thread] > lanesInUse.min()! + 1 { return .handBack }
    var joining: [(Call, BcryptComputation)] = []
    while !waiting.isEmpty, lanesInUse[thread] < lanesOfEachThread, lanesInUse[thread] == lanesInUse.min() {
      joining.append(waiting.removeFirst())
      lanesInUse[thread] += 1
    }
    return lanesInUse[thread] == 0 ? nil : .join(joining)
  }

  /// To the head of the line, where it came from.
  mutating func handBack(_ call: Call, _ computation: BcryptComputation, from thread: Int) {
    waiting.insert((call, computation), at: 0)
    lanesInUse[thread] -= 1
  }

  /// A moving average, with a bound on what one sample adds: a pause of the machine does not make the engine refuse the next calls.
  mutating func notePace(_ sample: Double) {
    guard let average = secondsPerRound else { return secondsPerRound = sample }
    secondsPerRound = average + (min(sample, average * 4) - average) / 32
  }
}
