/// One thread of a ``BcryptEngine``, and its lanes.
struct BcryptWorker: ~Copyable {
  /// The rounds between two checks of the queue: about two milliseconds for one computation, three for five.
  private static let slice = 32

  private let index: Int
  private let queue: Monitor<BcryptQueue>
  private let completions: BcryptCompletions
  private let metrics: HashingMetrics
  private var lanes: BcryptLanes<BcryptQueue.Call>

  init(
    _ index: Int, of queue: Monitor<BcryptQueue>, completions: BcryptCompletions, lanes: Int, metrics: HashingMetrics
  ) {
    self.index = index
    self.queue = queue
    self.completions = completions
    self.metrics = metrics
    self.lanes = BcryptLanes(capacity: lanes)
  }

  /// Works until the queue is stopped.
  mutating func run() {
    // Taken out before it is used, so that a sleeping thread keeps no key and no state of the last turn.
    var next: BcryptQueue.Turn?
    while true {
      switch next.take() ?? queue.wait(for: { $0.nextTurn(of: index) }) {
      case .work(let joining):
        for (call, computation) in joining { lanes.join(computation, for: metrics.noteJoining(call)) }
        next = work()
      case .handOver:
        next = handOver()
      case .end:
        return
      }
    }
  }

  /// Advances all lanes by one slice, then completes the calls that are done or cancelled.
  private mutating func work() -> BcryptQueue.Turn? {
    let inUse = lanes.entries.count
    let start = ContinuousClock.now
    let rounds = lanes.advance(atMost: Self.slice)
    let seconds = (ContinuousClock.now - start) / .seconds(1)

    var report = BcryptQueue.Report(roundsSettled: rounds * inUse)
    if inUse == lanes.capacity { report.secondsPerRound = seconds / Double(rounds * inUse) }
    var due: [BcryptCompletions.Completion] = []
    for lane in (0..<inUse).reversed() {
      let (call, computation) = lanes.entries[lane]
      guard call.cancellation.isRequested || computation.roundsLeft == 0 else { continue }
      lanes.leave(lane)
      metrics.noteLeaving(call, isDone: computation.roundsLeft == 0)
      due.append((call, computation.roundsLeft == 0 ? .success(computation.digest!) : .failure(.cancelled)))
      report.roundsSettled += computation.roundsLeft
      report.lanesFreed += 1
    }
    // Reported first, so that a caller who hashes again right away finds the lane free.
    let turn = queue.withLock { queue in
      queue.note(report, of: index)
      return queue.nextTurn(of: index)
    }
    completions.deliver(due)
    return turn
  }

  /// Gives up the computation that has the most rounds left.
  private mutating func handOver() -> BcryptQueue.Turn? {
    let entries = lanes.entries
    let lane = entries.indices.max { entries[$0].computation.roundsLeft < entries[$1].computation.roundsLeft }!
    let (call, computation) = lanes.suspend(lane)
    metrics.noteHandingOver()
    return queue.update { queue in
      queue.handOver(computation, of: call, from: index)
      return queue.nextTurn(of: index)
    }
  }

  /// Measures how long a round takes when all lanes are in use: the shortest of four measurements, as any may be interrupted.
  static func measureSecondsPerRound(lanes capacity: Int) -> Double {
    var lanes = BcryptLanes<Void>(capacity: capacity)
    let job = BcryptJob(key: [], salt: [UInt8](repeating: 0, count: BcryptString.saltBytes), cost: 5)
    for _ in 0..<capacity { lanes.join(BcryptComputation(job), for: ()) }
    return (0..<4).reduce(.infinity) { least, _ in
      let start = ContinuousClock.now
      let rounds = lanes.advance(atMost: job.rounds / 4)
      return min(least, (ContinuousClock.now - start) / .seconds(1) / Double(rounds * capacity))
    }
  }
}
