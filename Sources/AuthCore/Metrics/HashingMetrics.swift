internal import CoreMetrics

/// What a ``BcryptEngine`` reports to the backend of swift-metrics. Sums and not values are reported of what several threads
/// change, because the last of two values that are set at the same time may be the older.
struct HashingMetrics: Sendable {
  private let queue = Meter(label: "auth_hashing_queue_length")
  private let lanes = Meter(label: "auth_hashing_lanes")
  private let lanesInUse = Meter(label: "auth_hashing_lanes_in_use")
  private let refused = Counter(label: "auth_hashing_refused_total")
  private let wait = Timer(label: "auth_hashing_wait_seconds", preferredDisplayUnit: .seconds)
  private let duration = Timer(label: "auth_hashing_duration_seconds", preferredDisplayUnit: .seconds)

  func noteStart(lanes count: Int) {
    lanes.increment(by: Double(count))
  }

  func noteEnd(lanes count: Int) {
    lanes.decrement(by: Double(count))
  }

  func noteQueuing() {
    queue.increment()
  }

  /// A call left the queue without a lane.
  func noteWithdrawal() {
    queue.decrement()
  }

  func noteRefusal() {
    queue.decrement()
    refused.increment()
  }

  /// A call got a lane, for the first time or again.
  func noteJoining(_ call: BcryptQueue.Call) -> BcryptQueue.Call {
    queue.decrement()
    lanesInUse.increment()
    guard call.begunAt == nil else { return call }
    var call = call
    let now = ContinuousClock.now
    call.begunAt = now
    wait.record(now - call.queuedAt)
    return call
  }

  /// A call left its lane for another thread's.
  func noteHandingOver() {
    lanesInUse.decrement()
    queue.increment()
  }

  /// A call left its lane for good.
  func noteLeaving(_ call: BcryptQueue.Call, isDone: Bool) {
    lanesInUse.decrement()
    if isDone, let begunAt = call.begunAt { duration.record(ContinuousClock.now - begunAt) }
  }
}
