internal import CoreMetrics
internal import Synchronization

/// A metric with one value for each of its labels. Counting adds to atomic numbers, and waits for nothing.
protocol MetricSeries: AnyObject, Sendable {
  /// The suffix of the name, further labels, and the value, of each line.
  var samples: [(suffix: String, label: String?, value: Double)] { get }
}

final class CounterSeries: MetricSeries, CounterHandler {
  private let value = Atomic<Int64>(0)

  func increment(by amount: Int64) {
    value.wrappingAdd(amount, ordering: .relaxed)
  }

  /// A counter of Prometheus never decreases.
  func reset() {}

  var total: Int64 { value.load(ordering: .relaxed) }
  var samples: [(suffix: String, label: String?, value: Double)] { [("", nil, Double(total))] }
}

final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
  private let bits = Atomic<UInt64>(0)

  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
  func record(_ value: Int64) { set(value) }
  func record(_ value: Double) { set(value) }
  func decrement(by amount: Double) { increment(by: -amount) }

  func increment(by amount: Double) {
    var current = bits.load(ordering: .relaxed)
    while true {
      let next = (Double(bitPattern: current) + amount).bitPattern
      let (exchanged, original) = bits.weakCompareExchange(expected: current, desired: next, ordering: .relaxed)
      if exchanged { return }
      current = original
    }
  }

  var samples: [(suffix: String, label: String?, value: Double)] {
    [("", nil, Double(bitPattern: bits.load(ordering: .relaxed)))]
  }
}

final class HistogramSeries: MetricSeries, TimerHandler, RecorderHandler {
  private let bounds: [Double]
  /// The bounds as integers in the unit in which values are recorded.
  private let limits: [Int64]
  private let scale: Double
  /// One for each bound, and one for what is above.
  private let buckets: [CounterSeries]
  private let sum = Atomic<Int64>(0)

  /// - Parameter scale: how many units of what is recorded make one of the metric: 1e9 for times.
  init(bounds: [Double], scale: Double) {
    self.bounds = bounds
    self.scale = scale
    limits = bounds.map { Int64(($0 * scale).rounded()) }
    buckets = (0...bounds.count).map { _ in CounterSeries() }
  }

  func recordNanoseconds(_ duration: Int64) { record(duration) }
  func record(_ value: Double) { record(Int64(value * scale)) }

  func record(_ value: Int64) {
    // Most values are small, so the first bounds are the ones to look at first.
    buckets[limits.firstIndex { value <= $0 } ?? limits.count].increment(by: 1)
    sum.wrappingAdd(value, ordering: .relaxed)
  }

  var samples: [(suffix: String, label: String?, value: Double)] {
    var count: Int64 = 0
    var samples: [(suffix: String, label: String?, value: Double)] = []
    for (bucket, bound) in zip(buckets, bounds.map { MetricRegistry.text(of: $0) } + ["+Inf"]) {
      count += bucket.total
      samples.append(("_bucket", #"le="\#(bound)""#, Double(count)))
    }
    return samples + [("_sum", nil, Double(sum.load(ordering: .relaxed)) / scale), ("_count", nil, Double(count))]
  }
}
