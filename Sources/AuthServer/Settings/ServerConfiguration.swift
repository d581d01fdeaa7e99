internal import AuthCore
internal import AuthHTTP
internal import Logging

/// What the server runs with: settings that go together, and the contents of the files that they name.
struct ServerConfiguration {
  /// OWASP Password Storage Cheat Sheet, "bcrypt": the minimum work factor.
  static let minimumStrictCost = 10

  let endpoints: [Endpoint]
  /// The settings that were given for these, as messages name them.
  let endpointSettings: [String]
  var tls: TLSIdentity?
  let keepAliveTimeout: KeepAliveSeconds
  let database: StoreLocation
  let policy: PolicyName
  var authPolicy: AuthPolicy
  var httpPolicy: HTTPPolicy
  var serviceKeys: [ServiceKey]
  let bcryptCost: BcryptCost
  let hashThreads: ThreadCount
  let delivery: DeliveryConfiguration
  /// Where account events go; nil for nowhere.
  let eventsWebhook: Webhook?
  let logFormat: LogFormat
  var logLevel: Logger.Level
  let hasAccessLog: Bool
  let operationsListen: IPEndpoint?
  /// Every setting and number of the policy, as it is in force.
  var values: [SettingInForce]
  /// What an operator should know who runs the server with these settings.
  var warnings: [String]

  /// Reads the settings from the command line, the variables, and the file that one of them names.
  ///
  /// - Throws: ``SettingProblems``: all wrong values, values that contradict each other, and files with the wrong contents.
  init(_ given: ServerSettings, variables: [String: String] = Environment.variables) throws(SettingProblems) {
    var reader = try SettingReader(reading: given.service.config, variables: variables)
    reader.refuseUnknownKeys(besides: ServerSettings.settings)

    let (service, passwords, clients) = (given.service, given.passwords, given.clients)
    endpoints = Self.endpoints(service, &reader)
    endpointSettings = [ServiceSettings.Host.name, ServiceSettings.ListeningPort.name, ServiceSettings.Listen.name]
      .filter { reader.origin(of: $0) != .none }.map { reader.origin(of: $0).subject($0) }
    tls = Self.tls(given.tls, &reader)
    keepAliveTimeout = reader.value(of: service.keepAliveTimeout)
    database = reader.location(service.database, given.postgres)
    policy = reader.value(of: service.policy)
    bcryptCost = reader.value(of: passwords.bcryptCost)
    hashThreads = reader.value(of: passwords.hashThreads)
    if policy == .strict, bcryptCost.value < Self.minimumStrictCost {
      reader.refuse(
        PasswordSettings.Cost.self, " must be at least \(Self.minimumStrictCost) under --policy strict",
        besides: [ServiceSettings.Policy.self])
    }
    logFormat = reader.value(of: given.log.format)
    logLevel = reader.value(of: given.log.level)
    hasAccessLog = reader.value(of: given.log.accessLog)
    if hasAccessLog, logLevel > AccessLog.level {
      reader.refuse(
        LogSettings.Level.self, " \(logLevel) leaves out the lines of --access-log, which have the level \(AccessLog.level)")
    }
    operationsListen = reader.valueIfAny(of: given.operations.listen)
    let pages = reader.valueIfAny(of: given.pages.pages)
    delivery = DeliveryConfiguration(given.delivery, pages: pages, policy: policy, &reader)
    eventsWebhook = reader.webhook(given.events)
    if delivery.isInLog, logLevel > LogDelivery.level {
      reader.refuse(
        LogSettings.Level.self,
        " \(logLevel) leaves out the messages of --delivery log, which have the level \(LogDelivery.level)")
    }
    serviceKeys = Self.serviceKeys(in: reader.valueIfAny(of: clients.serviceKeyFile), delivery, &reader)
    authPolicy = Self.authPolicy(policy, given, delivery, &reader)
    httpPolicy = Self.httpPolicy(policy, clients, for: authPolicy, &reader)
    httpPolicy.pages = Self.pageStyle(given, at: pages, &reader)
    try reader.check()
    values = SettingInForce.all(reader, authPolicy, policy)
    warnings = Self.warnings(policy, authPolicy, httpPolicy, delivery, reader)
    warnings += delivery.warnings
    if let warning = tls?.warning(at: SystemClock().now) { warnings.append(warning) }
  }

  private static func endpoints(_ service: ServiceSettings, _ reader: inout SettingReader) -> [Endpoint] {
    let (host, port) = (reader.value(of: service.host), reader.value(of: service.port))
    guard let list = reader.valueIfAny(of: service.listen) else { return [.port(port.value, host: host)] }
    // One on the command line also takes the place of what a file or a container's image has.
    let precedence = reader.origin(of: ServiceSettings.Listen.name).precedence
    for setting in [ServiceSettings.Host.self, ServiceSettings.ListeningPort.self] as [any Setting.Type]
    where reader.origin(of: setting.name) != .none && reader.origin(of: setting.name).precedence >= precedence {
      reader.refuse(setting, " cannot be combined with --listen; remove one of them", besides: [ServiceSettings.Listen.self])
    }
    return list.values
  }

  private static func tls(_ tls: TLSSettings, _ reader: inout SettingReader) -> TLSIdentity? {
    let (certificate, key) = (TLSSettings.Certificate.self, TLSSettings.Key.self)
    let paths = (reader.valueIfAny(of: tls.certificate), reader.valueIfAny(of: tls.key))
    guard let certificatePath = paths.0, let keyPath = paths.1 else {
      if paths.0 != nil { reader.refuse(certificate, " needs --tls-key", besides: [key]) }
      if paths.1 != nil { reader.refuse(key, " needs --tls-certificate", besides: [certificate]) }
      return nil
    }
    let files = (contents(of: certificatePath, certificate, &reader), contents(of: keyPath, key, &reader))
    guard let certificates = files.0, let keys = files.1 else { return nil }
    do { return try TLSIdentity(certificates: certificates, key: keys) } catch {
      switch error {
      case .noCertificate: reader.refuse(certificate, ": \(certificatePath) has no certificate in PEM, or one that is damaged")
      case .noKey: reader.refuse(key, ": \(keyPath) has no private key in PEM, or one with a passphrase")
      case .mismatch: reader.refuse(key, ": \(keyPath) is not the key of the first certificate in \(certificatePath)")
      case .unusable(let reason):
        reader.refuse(certificate, ": \(certificatePath) cannot be used with \(keyPath): \(reason)", besides: [key])
      }
      return nil
    }
  }

  private static func contents(of path: String, _ setting: any Setting.Type, _ reader: inout SettingReader) -> [UInt8]? {
    do { return try BoundedFile.contents(of: path, maximumBytes: TLSIdentity.maximumBytes) } catch {
      reader.refuse(setting, ": \(path) \(error)")
      return nil
    }
  }

  private static func serviceKeys(
    in file: String?, _ delivery: DeliveryConfiguration, _ reader: inout SettingReader
  ) -> [ServiceKey] {
    let setting = ClientSettings.KeyFile.self
    guard let file else { return [] }
    var keys: [ServiceKey]?
    do {
      keys = ServiceKeyFile.keys(in: try SecretFile.contents(of: file))
      if keys == nil { reader.refuse(setting, ": \(file) \(ServiceKeyFile.rule)") }
    } catch {
      reader.refuse(setting, ": \(file) \(error)")
    }
    if delivery.isInResponse {
      reader.refuse(
        setting, " is for --delivery webhook, command, mail or log: without one of them every client is given reset tokens",
        besides: [DeliverySettings.Method.self])
    }
    return keys ?? []
  }

  private static func authPolicy(
    _ preset: PolicyName, _ given: ServerSettings, _ delivery: DeliveryConfiguration, _ reader: inout SettingReader
  ) -> AuthPolicy {
    var policy = reader.policy(from: preset.auth)
    policy.registration = reader.value(of: given.service.registration)
    policy.emailVerification.requirement =
      reader.valueIfAny(of: given.service.verifyEmails) ?? ServiceSettings.VerifyEmails.defaultValue(under: preset)
    if preset != .strict, policy.emailVerification.requirement != .off {
      refuseWithoutStrict(ServiceSettings.VerifyEmails.self, &reader)
    }
    if let words = reader.valueIfAny(of: given.passwords.contextWords) {
      if policy.passwords.blocklist == nil {
        let reason = preset == .strict ? " is for passwords.blocklist: true" : " is for --policy strict"
        reader.refuse(PasswordSettings.ContextWords.self, reason, besides: [ServiceSettings.Policy.self])
      }
      policy.passwords.blocklist?.contextWords = words.values
    }
    let notices = [
      ("passwords.notifies-of-change", policy.passwords.notifiesOfChange),
      ("notices.of-account-changes", policy.notices.ofAccountChanges),
      ("notices.failed-logins", policy.notices.failedLogins != nil),
      ("notices.client-memory", policy.notices.clientMemory != nil),
    ]
    for (key, isOn) in notices where isOn && delivery.isInResponse {
      guard let entry = reader.file?.entry(of: key) else { continue }
      reader.refuse(entry, " needs --delivery webhook, command, mail or log: without one of them no notice leaves the outbox")
    }
    policy.passwordReset.returnsToken = delivery.isInResponse
    return policy
  }

  private static func httpPolicy(
    _ preset: PolicyName, _ clients: ClientSettings, for authPolicy: AuthPolicy, _ reader: inout SettingReader
  ) -> HTTPPolicy {
    var policy = HTTPPolicy(for: authPolicy)
    policy.features.insert(.home, at: 0)
    if reader.value(of: clients.openAPI) { policy.features.append(.openAPI) }
    policy.identityHeaders = reader.value(of: clients.identityHeaders).values
    policy.loginURL = reader.valueIfAny(of: clients.loginURL)?.text
    policy.changePasswordURL = reader.valueIfAny(of: clients.changePasswordURL)?.text
    policy.clearsSiteData = reader.value(of: clients.clearSiteData)
    policy.trustedProxies = reader.valueIfAny(of: clients.trustedProxies)?.values ?? []
    if let origins = reader.valueIfAny(of: clients.allowedOrigins) {
      if preset != .strict { refuseWithoutStrict(ClientSettings.AllowedOrigins.self, &reader) }
      policy.allowedOrigins = origins.values
    }
    if let domain = reader.valueIfAny(of: clients.cookieDomain) {
      if preset != .strict { refuseWithoutStrict(ClientSettings.CookieDomain.self, &reader) }
      policy.cookie = .strict(domain: domain.text)
    }
    if reader.value(of: clients.insecureCookies) {
      if preset != .strict { refuseWithoutStrict(ClientSettings.InsecureCookies.self, &reader) }
      if policy.cookie.domain != nil {
        reader.refuse(
          ClientSettings.CookieDomain.self, " cannot be combined with --insecure-cookies; remove one of them",
          besides: [ClientSettings.InsecureCookies.self])
      }
      policy.cookie = .classic
    }
    return policy
  }

  private static func pageStyle(_ given: ServerSettings, at server: ServerURL?, _ reader: inout SettingReader) -> PageStyle? {
    let (accent, home) = (reader.valueIfAny(of: given.pages.accent), reader.valueIfAny(of: given.pages.home))
    guard let server else {
      for (setting, isGiven) in [(PageSettings.Accent.self, accent != nil), (PageSettings.Home.self, home != nil)]
        as [(any Setting.Type, Bool)] where isGiven
      {
        reader.refuse(setting, " needs \(PageSettings.Pages.option)", besides: [PageSettings.Pages.self])
      }
      return nil
    }
    let name = reader.valueIfAny(of: given.delivery.serviceName)?.text ?? server.host
    return PageStyle(name: name, accent: accent ?? .blue, homeURL: home?.text)
  }

  private static func refuseWithoutStrict(_ setting: any Setting.Type, _ reader: inout SettingReader) {
    reader.refuse(setting, " is for --policy strict", besides: [ServiceSettings.Policy.self])
  }
}

extension ServerConfiguration {
  private static func warnings(
    _ policy: PolicyName, _ authPolicy: AuthPolicy, _ httpPolicy: HTTPPolicy, _ delivery: DeliveryConfiguration,
    _ reader: SettingReader
  ) -> [String] {
    if policy == .classic {
      let tokens = delivery.isInResponse ? " and every client is given reset tokens" : ""
      return ["policy classic: any password is accepted\(tokens); use it in trusted networks only"]
    }
    let cookie =
      httpPolicy.cookie.isSecure
      ? []
      : [
        """
        the session cookie is sent over plain HTTP, where it can be read in transit (NIST SP 800-63B-4, 5.1.1); for development only
        """
      ]
    let verification = authPolicy.emailVerification.requirement
    let shortcoming: String? =
      switch verification {
      case .off:
        """
        accounts are opened for emails that no one has verified, and a registration shows which are taken (NIST SP 800-63B-4, \
        4.2.1.2; ASVS 5.0, 6.3.8)
        """
      case .beforeRecovery: "a registration shows which emails are taken (ASVS 5.0, 6.3.8)"
      default: nil
      }
    let setting = ServiceSettings.VerifyEmails.self
    let subject = reader.origin(of: setting.name).subject(setting.name)
    return cookie + (shortcoming.map { ["\(subject) \(verification.rawValue): \($0)"] } ?? [])
      + Requirement.unmet(by: authPolicy).map { requirement in
        let entry = reader.file?.entry(of: requirement.key)
        let origin = entry.map { Origin.line($0.line, of: reader.file?.path ?? "") } ?? .none
        return "\(origin.subject(requirement.key)) falls short of \(requirement.source): \(requirement.text)"
      }
  }
}
