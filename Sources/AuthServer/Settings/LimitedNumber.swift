internal import AuthCore

/// A whole number within limits.
protocol LimitedNumber: SettingValue, CustomStringConvertible {
  static var limits: ClosedRange<Int> { get }
  var value: Int { get }
  init(value: Int)
}

extension LimitedNumber {
  static var limitsText: String { "\(limits.lowerBound) to \(limits.upperBound)" }
  var description: String { "\(value)" }

  init(setting text: String) throws(InvalidValue) {
    guard let value = Int(text), Self.limits.contains(value) else {
      throw InvalidValue(reason: "must be a whole number from \(Self.limitsText), not '\(text)'")
    }
    self.init(value: value)
  }
}

struct Port: LimitedNumber {
  static let limits = 0...65535
  let value: Int
}

/// Seconds that an idle connection is kept open.
struct KeepAliveSeconds: LimitedNumber {
  static let limits = 1...3600
  let value: Int
}

/// Up to the cost that the hasher still checks.
struct BcryptCost: LimitedNumber {
  static let limits = BcryptHasher.minimumCost...BcryptHasher.defaultMaximumCost
  let value: Int
}

struct ThreadCount: LimitedNumber {
  static let limits = 1...256
  static var processors: ThreadCount { ThreadCount(value: min(BcryptHasher.processors, limits.upperBound)) }
  let value: Int
}

/// Milliseconds that a login may take.
struct LoginTarget: LimitedNumber {
  static let limits = 1...60_000
  let value: Int
}
