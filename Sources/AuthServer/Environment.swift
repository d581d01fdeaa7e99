internal import ArgumentParser
internal import Configuration

/// The variables that stand in for options which are not given on the command line.
struct Environment {
  private let variables = ConfigReader(provider: EnvironmentVariablesProvider())

  /// The option's value or else the variable's or else the default.
  ///
  /// - Parameter name: the option's on the command line; the variable's is the same with `AUTH_` before it.
  /// - Throws: `ValidationError`, a sentence that names the variable; the argument parser exits with status 64 for it.
  func value<Value: ExpressibleByArgument>(_ option: Value?, _ name: String, default: Value) throws -> Value {
    try value(option, name) ?? `default`
  }

  /// The same for an option without a default: nil when neither is set.
  func value<Value: ExpressibleByArgument>(_ option: Value?, _ name: String) throws -> Value? {
    if let option { return option }
    guard let text = variables.string(forKey: ConfigKey(["auth", name])) else { return nil }
    guard let value = Value(argument: text) else {
      let variable = "AUTH_" + name.uppercased().map { $0 == "-" ? "_" : $0 }
      throw ValidationError("The value '\(text)' is invalid for the environment variable \(variable); see --\(name) in --help.")
    }
    return value
  }
}
