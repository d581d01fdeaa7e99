/// A ``BcryptJob`` and how far it is. It can leave its lane at any round and go on in another, on another thread.
struct BcryptComputation: Sendable {
  let job: BcryptJob
  private var roundsDone = 0
  /// The 23 bytes that are stored, once the rounds that make them are done.
  private(set) var digest: [UInt8]?
  /// What the lane held, between two lanes.
  private(set) var suspended: SecretBytes?

  init(_ job: BcryptJob) {
    self.job = job
  }

  var roundsLeft: Int { job.rounds - roundsDone }

  /// How many rounds can be done before the digest is to be taken, or all are done.
  var roundsToNextStop: Int { (digest == nil ? job.roundsToDigest : job.rounds) - roundsDone }

  /// Begins, or goes on where it was suspended.
  mutating func enter(_ slab: inout BlowfishSlab, lane: Int) {
    guard let suspended else { return slab.begin(job, in: lane) }
    slab.load(suspended, into: lane)
    self.suspended = nil
  }

  /// Notes that the lane had so many rounds more, and takes the digest when it is there.
  mutating func advance(by rounds: Int, in slab: inout BlowfishSlab, lane: Int) {
    precondition(rounds <= roundsToNextStop, "a digest would be missed")
    roundsDone += rounds
    if digest == nil, roundsDone == job.roundsToDigest { digest = slab.digest(of: lane) }
  }

  mutating func suspend(_ slab: borrowing BlowfishSlab, lane: Int) {
    suspended = slab.contents(of: lane)
  }
}
