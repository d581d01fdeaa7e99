import ArgumentParser
import BenchmarkSupport
import Foundation

/// Compares password hashing with libxcrypt's crypt(3), with John the Ripper, and with what a queue served one at a time would do.
/// Every figure is a ratio of two measurements of one run, taken in turn: machines are shared, and their speed drifts.
@main
struct HashingBenchmark: AsyncParsableCommand {
  @Option(help: "The AuthServer to put under load, a release build.")
  var server: String

  @Option(help: "Where to write the results as JSON.")
  var json: String?

  @Flag(help: "Show that everything runs, in a few seconds. The figures mean nothing.")
  var smoke = false

  func run() async throws {
    let plan = smoke ? Plan.smoke : .full
    var report = Report()
    try await measureWidths(plan, &report)
    try await measureFullLanes(plan, &report)
    try await measureArrivals(plan, &report)
    for cost in plan.logInCosts {
      try measureLogIns(cost: cost, seconds: plan.logInSeconds(cost), server: server, &report)
    }
    try report.publish(json: json)
  }
}

/// How much is done for each figure.
struct Plan {
  /// Of the hashes that are measured inside this process.
  var cost = 11
  var repetitions = 9
  var johnSeconds = 3
  var logInCosts = [10, 12]
  var logInSeconds: @Sendable (_ cost: Int) -> Int = { $0 < 12 ? 10 : 20 }

  static let full = Plan()
  static let smoke = Plan(cost: 6, repetitions: 1, johnSeconds: 1, logInCosts: [6], logInSeconds: { _ in 1 })
}
