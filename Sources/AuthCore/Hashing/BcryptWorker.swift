internal import Glibc

/// One thread of a ``BcryptEngine``: its lanes, and who waits for what is in them.
struct BcryptWorker: ~Copyable {
  /// Rounds between two looks at the queue: about two milliseconds for one computation, three for five.
  private static let slice = 32

  private let queue: Monitor<BcryptQueue>
  private let index: Int
  private var lanes: BcryptLanes
  /// Those of the computations in `lanes`, in the same order.
  private var calls: [BcryptQueue.Call] = []

  init(_ index: Int, of queue: Monitor<BcryptQueue>, lanes: Int) {
    self.index = index
    self.queue = queue
    self.lanes = BcryptLanes(capacity: lanes)
  }

  /// Works until the queue is stopped.
  mutating func run() {
    var turn = waitForTurn()
    while true {
      switch turn {
      case .join(let joining):
        for (call, computation) in joining {
          calls.append(call)
          lanes.join(computation)
        }
        turn = work()
      case .handBack:
        handBack()
        turn = queue.update(waking: .none) { $0.nextTurn(of: index) } ?? waitForTurn()
      case .end:
        return
      }
    }
  }

  /// Tells the queue what a round takes when all lanes are in use, from a few milliseconds of work for nobody.
  mutating func measurePace() {
    let job = BcryptJob(key: [], salt: [UInt8](repeating: 0, count: BcryptString.saltBytes), cost: 5)
    for _ in 0..<lanes.capacity { lanes.join(BcryptComputation(job)) }
    let (rounds, seconds) = advance()
    for lane in (0..<lanes.capacity).reversed() { lanes.leave(lane) }
    queue.update(waking: .none) { $0.notePace(seconds / Double(rounds * lanes.capacity)) }
  }

  private func waitForTurn() -> BcryptQueue.Turn {
    queue.wait { $0.nextTurn(of: index) }
  }

  /// One slice, then an answer for everybody whose computation is done or who wants none any more.
  private mutating func work() -> BcryptQueue.Turn {
    let inUse = calls.count
    let (rounds, seconds) = advance()
    var report = BcryptQueue.Report(rounds: rounds * inUse)
    if inUse == lanes.capacity { report.secondsPerRound = seconds / Double(rounds * inUse) }
    var answers: [(BcryptQueue.Call, [UInt8]?)] = []
    for lane in (0..<inUse).reversed() {
      let isCancelled = calls[lane].cancellation.isRequested
      guard isCancelled || lanes.computations[lane].roundsLeft == 0 else { continue }
      let computation = lanes.leave(lane)
      answers.append((leave(lane), isCancelled ? nil : computation.digest))
      report.rounds += computation.roundsLeft
      report.left += 1
    }
    // First the report: whoever has its answer and comes again finds its place free.
    let turn = queue.update(waking: .none) { $0.nextTurn(of: index, after: report) }
    for (call, digest) in answers { call.answer(digest) }
    return turn ?? waitForTurn()
  }

  private mutating func advance() -> (rounds: Int, seconds: Double) {
    let start = ContinuousClock.now
    let rounds = lanes.advance(atMost: Self.slice)
    return (rounds, (ContinuousClock.now - start) / .seconds(1))
  }

  /// Parts with the computation that has the longest way to go.
  private mutating func handBack() {
    let lane = lanes.computations.indices.max { lanes.computations[$0].roundsLeft < lanes.computations[$1].roundsLeft }!
    let computation = lanes.suspend(lane)
    let call = leave(lane)
    queue.update(waking: .all) { $0.handBack(call, computation, from: index) }
  }

  /// The same exchange of places as in ``BcryptLanes/leave(_:)``.
  private mutating func leave(_ lane: Int) -> BcryptQueue.Call {
    calls.swapAt(lane, calls.count - 1)
    return calls.removeLast()
  }
}
