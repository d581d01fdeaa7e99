internal import ArgumentParser

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
  let delivery: DeliveryConfiguration

  /// - Throws: as ``Environment/value(_:_:default:)``, and `ValidationError` for values that do not go together.
  init(_ options: ServerOptions) throws {
    let environment = Environment()
    host = try environment.value(options.host, "host", default: Self.defaultHost)
    port = try environment.value(options.port, "port", default: .default)
    database = try environment.value(options.database, "database", default: Self.defaultDatabase)
    policy = try environment.value(options.policy, "policy", default: .classic)
    bcryptCost = try environment.value(options.bcryptCost, "bcrypt-cost", default: .default)
    hashThreads = try environment.value(options.hashing.threads, "hash-threads", default: .default)
    guard policy != .strict || bcryptCost.value >= Self.leastStrictCost else {
      throw ValidationError("--policy strict needs a --bcrypt-cost of \(Self.leastStrictCost) or more")
    }
    delivery = try DeliveryConfiguration(options.delivery, policy: policy, environment: environment)
  }
}
