internal import ArgumentParser
internal import AuthCore

/// `AuthServer calibrate`.
struct Calibrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast this machine hashes passwords, and recommend a cost.",
    usage: "AuthServer calibrate [<options>]",
    discussion: "Takes a second or two. Run it while the machine is idle, or under the load that will run alongside the server.",
    helpNames: [.short, .long])

  /// The costs that the table shows, and one of which is recommended.
  private static let costs = ServerConfiguration.minimumStrictCost...BcryptCost.limits.upperBound

  @Option(
    name: .customLong("target-ms"),
    help: ArgumentHelp("How long a login may take at full load, \(LoginTarget.limitsText).", valueName: "milliseconds"))
  var target = LoginTarget(value: 250)

  @Option(ServiceSettings.Config.self) var config: Given<ServiceSettings.Config>

  @Option(PasswordSettings.HashThreads.self) var hashThreads: Given<PasswordSettings.HashThreads>

  func run() async throws {
    let threads = try SettingReader.read(config) { $0.value(of: hashThreads) }
    let calibration = await BcryptCalibration.measure(threads: threads.value)
    print("threads: \(calibration.threads), passwords at a time on each: \(calibration.lanesPerThread)\n")
    print(Self.table(of: calibration))
    print("\n" + recommendation(from: calibration))
  }

  private static func table(of calibration: BcryptCalibration) -> String {
    let header = ["cost", "alone", "at full load", "logins a second"]
    let rows = costs.map { cost in
      [
        "\(cost)", milliseconds(calibration.timeAlone(cost: cost)), milliseconds(calibration.timeAtFullLoad(cost: cost)),
        twoDecimals(calibration.hashesPerSecond(cost: cost)),
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
    guard let cost = calibration.greatestCost(in: Self.costs, within: .milliseconds(target.value)) else {
      return """
        recommended: --bcrypt-cost \(least), the lowest that protects passwords; at full load a login takes longer than \
        \(target.value) ms
        """
    }
    return """
      recommended: --bcrypt-cost \(cost), the highest at which a login takes at most \(target.value) ms at full load
      """
  }

  private static func milliseconds(_ duration: Duration) -> String {
    // Rounded up, so that the table agrees with the recommendation.
    "\(Int((duration / .milliseconds(1)).rounded(.up))) ms"
  }

  private static func twoDecimals(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    return "\(hundredths / 100)." + (hundredths % 100 < 10 ? "0" : "") + "\(hundredths % 100)"
  }
}

extension LoginTarget: ExpressibleByArgument {
  init?(argument: String) {
    do { try self.init(setting: argument) } catch { return nil }
  }
}
