internal import ArgumentParser
internal import AuthCore
internal import AuthHTTP

/// A whole number within limits, as an option or an environment variable.
protocol LimitedNumber: ExpressibleByArgument {
  static var limits: ClosedRange<Int> { get }
  var value: Int { get }
  init(value: Int)
}

extension LimitedNumber {
  /// For the help.
  var defaultValueDescription: String { "\(value)" }
  static var limitsText: String { "\(limits.lowerBound) to \(limits.upperBound)" }

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

enum PolicyName: String, CaseIterable, ExpressibleByArgument {
  case classic, strict

  var auth: AuthPolicy {
    switch self {
    case .classic: .classic
    case .strict: .strict
    }
  }

  var http: HTTPPolicy {
    switch self {
    case .classic: .classic
    case .strict: .strict
    }
  }
}
