internal import ArgumentParser
internal import Configuration

/// What the server runs with: each value from the command line or else from the environment or else the default.
struct ServerConfiguration {
  static let defaultHost = "0.0.0.0"
  static let defaultDatabase = "auth.sqlite"
  /// OWASP Password Storage Cheat Sheet, "bcrypt": the least work factor.
  static let leastStrictCost = 10

  let host: String
  let port: Port
  /// A path, or `:memory:`.
  let database: String
  let policy: PolicyName
  let bcryptCost: BcryptCost
  let hashThreads: HashThreads

  /// - Throws: `ValidationError`, a sentence that names the variable; the argument parser exits with status 64 for it.
  init(_ options: ServerOptions, environment: ConfigReader = ConfigReader(provider: EnvironmentVariablesProvider())) throws {
    func value<Value: ExpressibleByArgument>(_ option: Value?, _ name: String, default: Value) throws -> Value {
      if let option { return option }
      guard let text = environment.string(forKey: ConfigKey(["auth", name])) else { return `default` }
      guard let value = Value(argument: text) else {
        let variable = "AUTH_" + name.uppercased().map { $0 == "-" ? "_" : $0 }
        throw ValidationError("The value '\(text)' is invalid for the environment variable \(variable); see --\(name) in --help.")
      }
      return value
    }
    host = try value(options.host, "host", default: Self.defaultHost)
    port = try value(options.port, "port", default: .default)
    database = try value(options.database, "database", default: Self.defaultDatabase)
    policy = try value(options.policy, "policy", default: .classic)
    bcryptCost = try value(options.bcryptCost, "bcrypt-cost", default: .default)
    hashThreads = try value(options.hashThreads, "hash-threads", default: .default)
    guard policy != .strict || bcryptCost.value >= Self.leastStrictCost else {
      throw ValidationError("--policy strict needs a --bcrypt-cost of \(Self.leastStrictCost) or more")
    }
  }
}
