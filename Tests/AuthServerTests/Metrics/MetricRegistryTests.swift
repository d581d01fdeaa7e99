import CoreMetrics
import Testing

@testable import AuthServer

@Suite struct MetricRegistryTests {
  private static let descriptions = [
    MetricDescription("b_total", .counter, labels: ["kind", "path"], "Counts `b`"),
    MetricDescription("a_seconds", .histogram, bounds: [0.001, 0.5, 2], "Times a"),
    MetricDescription("c", .gauge, "Measures c"),
    MetricDescription("d_size", .histogram, bounds: [1, 2], "Sizes d"),
  ]
  private let registry = MetricRegistry(descriptions)

  @Test func `metrics are exported in the text format, by name`() {
    let counter = Counter(label: "b_total", dimensions: [("path", "/\"\\\n"), ("kind", "x")], factory: registry)
    let timer = Timer(label: "a_seconds", factory: registry)
    let gauge = Meter(label: "c", factory: registry)
    let recorder = Recorder(label: "d_size", aggregate: true, factory: registry)
    counter.increment(by: 3)
    for nanoseconds in [1_000_000, 1_000_001, 500_000_000, 3_000_000_000] { timer.recordNanoseconds(Int64(nanoseconds)) }
    gauge.set(7)
    gauge.decrement(by: 2.5)
    for size in [1, 2, 3] { recorder.record(size) }
    #expect(
      registry.exposition() == #"""
        # HELP a_seconds Times a.
        # TYPE a_seconds histogram
        a_seconds_bucket{le="0.001"} 1
        a_seconds_bucket{le="0.5"} 3
        a_seconds_bucket{le="2"} 3
        a_seconds_bucket{le="+Inf"} 4
        a_seconds_sum 3.502000001
        a_seconds_count 4
        # HELP b_total Counts 'b'.
        # TYPE b_total counter
        b_total{kind="x",path="/\"\\\n"} 3
        # HELP c Measures c.
        # TYPE c gauge
        c 4.5
        # HELP d_size Sizes d.
        # TYPE d_size histogram
        d_size_bucket{le="1"} 1
        d_size_bucket{le="2"} 2
        d_size_bucket{le="+Inf"} 3
        d_size_sum 6
        d_size_count 3

        """#)
  }

  @Test func `what no description knows is not kept`() {
    Counter(label: "other_total", factory: registry).increment()
    Counter(label: "b_total", dimensions: [("kind", "x")], factory: registry).increment()
    Meter(label: "b_total", dimensions: [("kind", "x"), ("path", "y")], factory: registry).set(1)
    Timer(label: "c", factory: registry).recordNanoseconds(1)
    registry.set("other", 1)
    #expect(registry.exposition() == "")
  }

  @Test func `the same name and labels are the same metric, from any number of threads`() async {
    await withTaskGroup { [registry] group in
      for _ in 0..<8 {
        group.addTask {
          let counter = Counter(label: "b_total", dimensions: [("kind", "x"), ("path", "y")], factory: registry)
          let gauge = Meter(label: "c", factory: registry)
          for _ in 0..<1_000 {
            counter.increment()
            gauge.increment()
          }
        }
      }
    }
    #expect(registry.exposition().contains("b_total{kind=\"x\",path=\"y\"} 8000\n"))
    #expect(registry.exposition().contains("\nc 8000\n"))
  }
}
