internal import ArgumentParser
internal import AuthCore
internal import AuthHTTP
internal import Logging

/// What the server runs with: settings that go together, and the contents of the files that they name.
struct ServerConfiguration {
  /// OWASP Password Storage Cheat Sheet, "bcrypt": the minimum work factor.
  static let minimumStrictCost = 10

  let host: String
  let port: Port
  let keepAliveTimeout: KeepAliveSeconds
  let database: StoreLocation
  let policy: PolicyName
  let authPolicy: AuthPolicy
  let httpPolicy: HTTPPolicy
  let serviceKey: ServiceKey?
  let bcryptCost: BcryptCost
  let hashThreads: ThreadCount
  let delivery: DeliveryConfiguration
  let logFormat: LogFormat
  let logLevel: Logger.Level
  let hasAccessLog: Bool
  let operationsListen: OperationsAddress?

  /// - Throws: `ValidationError` for wrong values, for values that contradict each other, and for files with the wrong contents.
  init(_ command: Serve) throws {
    let (service, passwords, clients) = (command.service, command.passwords, command.clients)
    host = try service.host.value()
    port = try service.port.value()
    keepAliveTimeout = try service.keepAliveTimeout.value()
    database = try service.database.value()
    policy = try service.policy.value()
    bcryptCost = try passwords.bcryptCost.value()
    hashThreads = try passwords.hashThreads.value()
    guard policy != .strict || bcryptCost.value >= Self.minimumStrictCost else {
      throw ValidationError("--policy strict needs a \(PasswordSettings.Cost.option) of at least \(Self.minimumStrictCost)")
    }
    logFormat = try command.log.format.value()
    logLevel = try command.log.level.value()
    hasAccessLog = try command.log.accessLog.value()
    guard !hasAccessLog || logLevel <= AccessLog.level else {
      throw ValidationError(
        "--access-log writes lines of the level \(AccessLog.level), which --log-level \(logLevel) leaves out")
    }
    operationsListen = try command.operations.listen.valueIfAny()
    delivery = try DeliveryConfiguration(command.delivery, policy: policy)
    guard !delivery.isInLog || logLevel <= LogDelivery.level else {
      throw ValidationError(
        "--delivery log writes messages at the level \(LogDelivery.level), which --log-level \(logLevel) leaves out")
    }
    serviceKey = try clients.serviceKeyFile.valueIfAny().map(ServiceKeyFile.read)
    guard serviceKey == nil || !delivery.isInResponse else {
      throw ValidationError(
        "--service-key-file is for --delivery webhook, command or log: without one of them every client is given reset tokens")
    }

    var authPolicy = policy.auth
    authPolicy.registration = try service.registration.value()
    if let words = try passwords.contextWords.valueIfAny() {
      guard authPolicy.passwords.blocklist != nil else { throw Self.needsStrict(PasswordSettings.ContextWords.self) }
      authPolicy.passwords.blocklist?.contextWords = words.values
    }
    authPolicy.passwordReset.returnsToken = delivery.isInResponse
    self.authPolicy = authPolicy

    var httpPolicy = HTTPPolicy(for: authPolicy)
    httpPolicy.features.insert(.home, at: 0)
    httpPolicy.trustedProxies = try clients.trustedProxies.valueIfAny()?.values ?? []
    if let origins = try clients.allowedOrigins.valueIfAny() {
      guard policy == .strict else { throw Self.needsStrict(ClientSettings.AllowedOrigins.self) }
      httpPolicy.allowedOrigins = origins.values
    }
    if try clients.insecureCookies.value() {
      guard policy == .strict else { throw Self.needsStrict(ClientSettings.InsecureCookies.self) }
      httpPolicy.cookie = .classic
    }
    self.httpPolicy = httpPolicy
  }

  private static func needsStrict(_ setting: any Setting.Type) -> ValidationError {
    ValidationError("\(setting.option) is for --policy strict")
  }
}
