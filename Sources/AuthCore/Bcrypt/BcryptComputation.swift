/// A ``BcryptJob`` and its progress. It can leave its lane after any round and continue in another lane, on another thread.
struct BcryptComputation: Sendable {
  let job: BcryptJob
  private var roundsDone = 0
  /// The 23 bytes of the digest, once enough rounds are done.
  private(set) var digest: [UInt8]?
  /// The contents of the lane while the computation moves to another.
  private(set) var suspended: SecretBytes?

  init(_ job: BcryptJob) {
    self.job = job
  }

  var roundsLeft: Int { job.rounds - roundsDone }

  /// How many rounds can be done before the digest must be taken or the computation ends.
  var roundsToNextStop: Int { (digest == nil ? job.roundsToDigest : job.rounds) - roundsDone }

  /// Starts in the lane, or resumes there.
  mutating func enter(_ slab: inout BlowfishSlab, lane: Int) {
    guard let suspended else { return slab.begin(job, in: lane) }
    slab.load(suspended, into: lane)
    self.suspended = nil
  }

  /// Counts the rounds that its lane has done, and takes the digest when enough are done.
  mutating func advance(by rounds: Int, in slab: inout BlowfishSlab, lane: Int) {
    precondition(rounds <= roundsToNextStop, "these rounds would go past the digest")
    roundsDone += rounds
    if digest == nil, roundsDone == job.roundsToDigest { digest = slab.digest(of: lane) }
  }

  mutating func suspend(_ slab: borrowing BlowfishSlab, lane: Int) {
    suspended = slab.contents(of: lane)
  }
}
