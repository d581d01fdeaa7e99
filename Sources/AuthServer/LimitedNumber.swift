internal import ArgumentParser
internal import AuthCore

/// A whole number within limits, as an option or an environment variable.
protocol LimitedNumber: ExpressibleByArgument {
  static var limits: ClosedRange<Int> { get }
  var value: Int { get }
  init(value: Int)
}

extension LimitedNumber {
  /// The limits as the help says them.
  static var limitsText: String { "\(limits.lowerBound) to \(limits.upperBound)" }
  /// A default as the help says it.
  var defaultValueDescription: String { "\(value)" }

  init?(argument: String) {
    guard let value = Int(argument), Self.limits.contains(value) else { return nil }
    self.init(value: value)
  }
}

struct Port: LimitedNumber {
  static let limits = 0...65535
  static let `default` = Port(value: 5000)
  let value: Int
}

/// Up to the cost that the hasher still checks.
struct BcryptCost: LimitedNumber {
  static let limits = BcryptHasher.minimumCost...BcryptHasher.defaultMaximumCost
  static let `default` = BcryptCost(value: BcryptHasher.defaultCost)
  let value: Int
}

struct HashThreads: LimitedNumber {
  static let limits = 1...256
  static var `default`: HashThreads { HashThreads(value: min(BcryptHasher.processors, limits.upperBound)) }
  let value: Int
}

/// Milliseconds that a login may take.
struct LoginTarget: LimitedNumber {
  static let limits = 1...60_000
  static let `default` = LoginTarget(value: 250)
  let value: Int
}
