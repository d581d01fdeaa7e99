/// Durations as the settings file has them: a whole number and a unit, such as `90s`, `15min`, `12h` or `30d`.
extension Duration {
  private static let units: [(name: String, seconds: Int64)] = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)]

  /// Ten years, which no rule needs, and with which no sum overflows.
  private static let longest = Duration.seconds(3650 * 86_400)

  /// - Parameter text: at least a second and at most ten years.
  init(policy text: String) throws(InvalidValue) {
    let digits = text.prefix { ("0"..."9").contains($0) }
    guard let number = Int64(digits), let unit = Self.units.first(where: { $0.name == text.dropFirst(digits.count) }) else {
      throw InvalidValue(reason: "must be a whole number with s, min, h or d, such as 15min, not '\(text)'")
    }
    let (seconds, isTooLong) = number.multipliedReportingOverflow(by: unit.seconds)
    guard !isTooLong, seconds > 0, .seconds(seconds) <= Self.longest else {
      throw InvalidValue(reason: "must be from 1s to 3650d, not '\(text)'")
    }
    self = .seconds(seconds)
  }

  /// In the largest unit of which it is a multiple.
  var policyText: String {
    let seconds = components.seconds
    let unit = Self.units.first { seconds % $0.seconds == 0 }!
    return "\(seconds / unit.seconds)\(unit.name)"
  }
}
