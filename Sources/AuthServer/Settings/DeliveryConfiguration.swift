internal import ArgumentParser
internal import FoundationEssentials

/// How messages reach users, with everything that the chosen method needs.
struct DeliveryConfiguration {
  enum Method {
    /// Not at all: every client that asks for a reset token is given it.
    case answer
    case webhook(SecureURL, WebhookSecret)
    /// An absolute path.
    case command(String)
    case log
  }

  private typealias Settings = DeliverySettings

  let method: Method
  /// The page to which links in messages lead; nil for messages without.
  let linkBase: SecureURL?

  /// Whether a client that asks for a reset token is given it.
  var isInResponse: Bool { if case .answer = method { true } else { false } }

  var isInLog: Bool { if case .log = method { true } else { false } }

  /// - Throws: `ValidationError` for options that are wrong, missing or contradictory, and for files that cannot be read or run.
  init(_ settings: DeliverySettings, policy: PolicyName) throws {
    let chosen = try Self.choice(settings.method.valueIfAny(), policy: policy)
    let (url, secretFile) = try (settings.webhookURL.valueIfAny(), settings.webhookSecretFile.valueIfAny())
    let command = try settings.command.valueIfAny()
    linkBase = try settings.linkBase.valueIfAny()
    // An option that has no effect was given by mistake, and a mistake here can send tokens to the wrong place.
    for (option, isGiven, methods) in [
      (Settings.WebhookURL.option, url != nil, [.webhook]),
      (Settings.WebhookSecretFile.option, secretFile != nil, [.webhook]),
      (Settings.Command.option, command != nil, [.command]),
      (Settings.LinkBase.option, linkBase != nil, [.webhook, .command, .log]),
    ] as [(String, Bool, [DeliveryMethod])] where isGiven && !methods.contains(chosen) {
      let names = methods.map(\.rawValue).joined(separator: " or ")
      throw ValidationError("\(option) is for \(Settings.Method.option) \(names), not \(chosen)")
    }
    method =
      switch chosen {
      case .answer: .answer
      case .log: .log
      case .webhook: try Self.webhook(url: url, secretFile: secretFile)
      case .command: try Self.command(command)
      }
  }

  private static func choice(_ method: DeliveryMethod?, policy: PolicyName) throws -> DeliveryMethod {
    switch (policy, method) {
    case (.classic, _): return method ?? .answer
    case (.strict, .answer), (.strict, nil):
      throw ValidationError(
        """
        --policy strict gives reset tokens to users only, not to clients that ask for them: choose \(Settings.Method.option) webhook \
        or command, or log for development
        """)
    case (.strict, let method?): return method
    }
  }

  private static func webhook(url: SecureURL?, secretFile: String?) throws -> Method {
    guard let url, let file = secretFile else {
      throw ValidationError(
        "\(Settings.Method.option) webhook needs \(Settings.WebhookURL.option) and \(Settings.WebhookSecretFile.option)")
    }
    do { return .webhook(url, try WebhookSecret(contents: SecretFile.contents(of: file))) } catch {
      throw ValidationError("\(Settings.WebhookSecretFile.option): \(file) \(error)")
    }
  }

  private static func command(_ path: String?) throws -> Method {
    let option = Settings.Command.option
    guard let path else { throw ValidationError("\(Settings.Method.option) command needs \(option)") }
    // In another working directory a relative path would name another program.
    guard path.hasPrefix("/") else { throw ValidationError("\(option) must be an absolute path, not '\(path)'") }
    var isDirectory = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw ValidationError("\(option): \(path) does not exist")
    }
    guard !isDirectory, FileManager.default.isExecutableFile(atPath: path) else {
      throw ValidationError("\(option): \(path) is not a program that this user may run")
    }
    return .command(path)
  }
}
