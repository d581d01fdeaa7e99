internal import CoreMetrics
internal import Synchronization

/// The backend of swift-metrics for this server: it keeps the metrics that ``MetricDescription/all`` lists, and drops all others.
///
/// Its lock is taken when a metric is made and when all are read, and never when something is counted.
final class MetricRegistry: MetricsFactory {
  private struct Key: Hashable {
    let name: String
    /// As they are exported: `method="GET",route="/"`.
    let labels: String
  }

  private let descriptions: [String: MetricDescription]
  private let series = Mutex<[Key: any MetricSeries]>([:])

  init(_ descriptions: [MetricDescription] = MetricDescription.all) {
    self.descriptions = Dictionary(uniqueKeysWithValues: descriptions.map { ($0.name, $0) })
  }

  func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    make(.counter, label, dimensions) { _ in CounterSeries() } ?? NOOPMetricsHandler.instance
  }

  func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    make(.gauge, label, dimensions) { _ in GaugeSeries() } ?? NOOPMetricsHandler.instance
  }

  func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    guard aggregate else { return make(.gauge, label, dimensions) { _ in GaugeSeries() } ?? NOOPMetricsHandler.instance }
    return make(.histogram, label, dimensions) { HistogramSeries(bounds: $0.bounds, scale: 1) } ?? NOOPMetricsHandler.instance
  }

  func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    make(.histogram, label, dimensions) { HistogramSeries(bounds: $0.bounds, scale: 1e9) } ?? NOOPMetricsHandler.instance
  }

  /// Sets a metric without labels, of which the value comes from elsewhere. It may be a counter.
  func set(_ name: String, _ value: Double) {
    guard let description = descriptions[name], description.labels.isEmpty else { return }
    series.withLock { series in
      let key = Key(name: name, labels: "")
      let one = series[key] as? GaugeSeries ?? GaugeSeries()
      series[key] = one
      one.set(value)
    }
  }

  // A counter that ends and begins again at zero would look like a restart of the server.
  func destroyCounter(_: any CounterHandler) {}
  func destroyMeter(_: any MeterHandler) {}
  func destroyRecorder(_: any RecorderHandler) {}
  func destroyTimer(_: any TimerHandler) {}

  /// The series with this name and these labels, which is made if there is none.
  private func make<Series: MetricSeries>(
    _ kind: MetricDescription.Kind, _ name: String, _ dimensions: [(String, String)], _ new: (MetricDescription) -> Series
  ) -> Series? {
    let dimensions = dimensions.sorted { $0.0 < $1.0 }
    guard let description = descriptions[name], description.kind == kind, description.labels == dimensions.map(\.0) else {
      return nil
    }
    let key = Key(name: name, labels: dimensions.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ","))
    return series.withLock { series in
      if let known = series[key] as? Series { return known }
      let made = new(description)
      series[key] = made
      return made
    }
  }
}

// MARK: - The text format

extension MetricRegistry {
  /// All metrics in the text format of Prometheus, version 0.0.4:
  /// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
  func exposition() -> String {
    let series = series.withLock { $0 }
    let byName = Dictionary(grouping: series, by: \.key.name)
    var text = ""
    for description in descriptions.values.sorted(by: { $0.name < $1.name }) {
      guard let series = byName[description.name] else { continue }
      text += "# HELP \(description.name) \(description.help.replacing("`", with: "'")).\n"
      text += "# TYPE \(description.name) \(description.kind.rawValue)\n"
      for (key, one) in series.sorted(by: { $0.key.labels < $1.key.labels }) {
        for (suffix, label, value) in one.samples {
          let labels = [key.labels, label ?? ""].filter { !$0.isEmpty }.joined(separator: ",")
          text += description.name + suffix + (labels.isEmpty ? "" : "{\(labels)}") + " \(Self.text(of: value))\n"
        }
      }
    }
    return text
  }

  /// Whole numbers without a fraction.
  static func text(of value: Double) -> String {
    Int64(exactly: value).map { "\($0)" } ?? "\(value)"
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
