internal import ArgumentParser
internal import AuthCore
internal import AuthHTTP

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
  let authPolicy: AuthPolicy
  let httpPolicy: HTTPPolicy
  let serviceKey: ServiceKey?
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
    let network = options.network
    serviceKey = try environment.value(network.serviceKeyFile, "service-key-file").map(ServiceKeyFile.read)
    guard serviceKey == nil || !delivery.isInAnswer else {
      throw ValidationError(
        "--service-key-file is for --reset-delivery webhook, command or log: everybody is given reset tokens otherwise")
    }

    var authPolicy = policy.auth
    if let words = try environment.value(network.contextWords, "context-words") {
      guard authPolicy.passwords.blocklist != nil else { throw ValidationError("--context-words is for --policy strict") }
      authPolicy.passwords.blocklist?.contextWords = words.values
    }
    self.authPolicy = authPolicy

    var httpPolicy = policy.http
    httpPolicy.answersWithResetToken = delivery.isInAnswer
    httpPolicy.trustedProxies = try environment.value(network.trustedProxies, "trusted-proxies")?.values ?? []
    if let origins = try environment.value(network.allowedOrigins, "allowed-origins") {
      guard httpPolicy.refusesCrossSiteRequests else { throw ValidationError("--allowed-origins is for --policy strict") }
      httpPolicy.allowedOrigins = origins.values
    }
    let isCookieInsecure = try environment.value(network.insecureCookies ? true : nil, "insecure-cookies", default: false)
    if isCookieInsecure {
      guard policy == .strict else { throw ValidationError("--insecure-cookies is for --policy strict") }
      httpPolicy.cookie = .classic
    }
    self.httpPolicy = httpPolicy
  }
}
