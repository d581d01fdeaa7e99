internal import ArgumentParser
internal import AuthCore

/// `AuthServer calibrate`.
struct Calibrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast this machine hashes, and recommend a cost.",
    discussion: "Takes a second or two. Run it while the machine does nothing else, or what it would do beside the server.")

  /// What a cost is recommended from, and what the table shows.
  private static let costs = ServerConfiguration.leastStrictCost...BcryptCost.limits.upperBound

  @Option(
    help: ArgumentHelp(
      "How long a log in may take when all threads are busy, \(TargetMilliseconds.limitsText).", valueName: "milliseconds"))
  var targetMs = TargetMilliseconds(value: 250)

  @Option(
    help: ArgumentHelp(
      "How many threads hash passwords, as for serve. (default: one for each processor)", valueName: "count"))
  var hashThreads: HashThreads?

  func run() async throws {
    let threads = try Settings().value(hashThreads, "hash-threads", default: .default)
    let calibration = await BcryptCalibration.measure(threads: threads.value)
    print("threads: \(calibration.threads), passwords at a time on each: \(calibration.lanes)\n")
    print(Self.table(of: calibration))
    print("\n" + recommendation(from: calibration))
  }

  private static func table(of calibration: BcryptCalibration) -> String {
    let header = ["cost", "alone", "at full load", "log ins a second"]
    let rows = costs.map { cost in
      [
        "\(cost)", milliseconds(calibration.timeAlone(cost: cost)), milliseconds(calibration.timeAtFullLoad(cost: cost)),
        oneDecimal(calibration.hashesPerSecond(cost: cost)),
      ]
    }
    let lines = [header] + rows
    let widths = header.indices.map { column in lines.map(\.[column].count).max()! }
    return lines.map { line in
      zip(line, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "   ")
    }.joined(separator: "\n")
  }

  private func recommendation(from calibration: BcryptCalibration) -> String {
    let least = Self.costs.lowerBound
    guard let cost = calibration.greatestCost(in: Self.costs, within: .milliseconds(targetMs.value)) else {
      return """
        recommended: --bcrypt-cost \(least), the least that protects passwords; at full load a log in takes longer than \
        \(targetMs.value) ms
        """
    }
    return """
      recommended: --bcrypt-cost \(cost), the greatest with which a log in takes at most \(targetMs.value) ms at full load
      """
  }

  private static func milliseconds(_ duration: Duration) -> String {
    // Up, so that what the table shows and what is recommended go together.
    "\(Int((duration / .milliseconds(1)).rounded(.up))) ms"
  }

  private static func oneDecimal(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}

struct TargetMilliseconds: LimitedNumber {
  static let limits = 1...60_000
  let value: Int
}
