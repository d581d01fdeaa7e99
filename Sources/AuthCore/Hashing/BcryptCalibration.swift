/// A measurement of how fast this machine hashes.
package struct BcryptCalibration: Sendable {
  /// The only cost that is measured: the time doubles with each step of the cost, so the times of all others follow.
  private static let measuredCost = 10

  package let threads: Int
  /// How many hashes each thread computes at a time.
  package let lanesPerThread: Int
  private let measuredAlone: Duration
  private let measuredAtFullLoad: Duration

  init(threads: Int, lanesPerThread: Int, measuredAlone: Duration, measuredAtFullLoad: Duration) {
    self.threads = threads
    self.lanesPerThread = lanesPerThread
    self.measuredAlone = measuredAlone
    self.measuredAtFullLoad = measuredAtFullLoad
  }

  /// Measures for about a second, on threads of its own.
  package static func measure(threads: Int) async -> BcryptCalibration {
    let engine = BcryptEngine(threads: threads, maximumWait: .seconds(3600))
    return BcryptCalibration(
      threads: threads, lanesPerThread: BcryptEngine.lanesPerThread,
      measuredAlone: await medianTime(of: 1, on: engine),
      measuredAtFullLoad: await medianTime(of: threads * BcryptEngine.lanesPerThread, on: engine))
  }

  /// How long a hash takes when it is the only one.
  package func timeAlone(cost: Int) -> Duration { measuredAlone * Self.factor(cost) }

  /// How long a hash takes while all lanes of all threads are in use.
  package func timeAtFullLoad(cost: Int) -> Duration { measuredAtFullLoad * Self.factor(cost) }

  /// How many hashes a second are done while all lanes are in use.
  package func hashesPerSecond(cost: Int) -> Double {
    Double(threads * lanesPerThread) / (timeAtFullLoad(cost: cost) / .seconds(1))
  }

  /// The highest of `costs` at which a hash takes at most `target` even at full load; nil if there is none.
  package func greatestCost(in costs: ClosedRange<Int>, within target: Duration) -> Int? {
    costs.last { timeAtFullLoad(cost: $0) <= target }
  }

  private static func factor(_ cost: Int) -> Double {
    cost < measuredCost ? 1 / Double(1 << (measuredCost - cost)) : Double(1 << (cost - measuredCost))
  }

  /// The median time in which `count` jobs that start together are all done.
  private static func medianTime(of count: Int, on engine: BcryptEngine) async -> Duration {
    let job = BcryptJob(key: [], salt: [UInt8](repeating: 0, count: BcryptString.saltBytes), cost: measuredCost)
    var times: [Duration] = []
    for _ in 0..<5 {
      let start = ContinuousClock.now
      let calls = (0..<count).map { _ in Task { try await engine.digest(of: job) } }
      // None of them can fail: they are not cancelled, and the engine accepts a wait of an hour.
      for call in calls { _ = await call.result }
      times.append(ContinuousClock.now - start)
    }
    return times.sorted()[times.count / 2]
  }
}
