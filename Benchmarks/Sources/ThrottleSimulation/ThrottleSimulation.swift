import ArgumentParser
import AuthCore
import BenchmarkSupport

/// Tries the thresholds of ``AuthPolicy/strict`` for wrong passwords from one network: what they cost an office behind one address,
/// and what they leave to an attacker who tries stolen passwords. It runs `Auth` itself on a clock of its own, and gives the same
/// figures on every machine.
@main
struct ThrottleSimulation: AsyncParsableCommand {
  @Option(help: "Failures from one network with which the first delay begins.")
  var threshold: Int?

  @Option(help: "Seconds after which one failure is forgiven.")
  var forgiveness: Int?

  @Option(help: "Of a hundred passwords that are typed, how many are wrong.")
  var mistyped = 10

  @Option(help: "Where to write the results as JSON.")
  var json: String?

  @Flag(help: "Show that everything runs, on a single day.")
  var smoke = false

  func run() async throws {
    var throttle = AuthPolicy.strict.throttling.loginPerNetwork!
    if let threshold { throttle.threshold = threshold }
    if let forgiveness { throttle.forgiveness = .seconds(forgiveness) }
    var report = Report()

    let seeds = smoke ? 1 : 10
    var weeks: [Office.Week] = []
    for seed in 1...seeds {
      let office = Office(people: 500, days: smoke ? 1 : 5, mistyped: Double(mistyped) / 100, seed: UInt64(seed))
      weeks.append(try await office.week(under: throttle))
    }
    let delayed = weeks.map(\.mostDelayedOnOneDay).max()!
    let longest = weeks.map(\.longestDelay).max()!
    report.add(
      "an office of 500, \(mistyped) of 100 passwords mistyped: most people whom others delay on one day", "\(delayed)",
      ratio: Double(delayed), atMost: 1)
    report.add("the longest that one of them waits, in seconds", "\(longest)", ratio: Double(longest), atMost: 5)

    let now = try await Stuffing.mostTries(under: throttle)
    let before = try await Stuffing.mostTries(under: Stuffing.formerThrottle)
    report.add(
      "passwords that one /24 can try in a day", "\(256 * now)", against: "5 failures, one forgiven per minute: \(256 * before)",
      ratio: Double(now) / Double(before), atMost: 1)
    try report.publish(json: json)
  }
}
