internal import ArgumentParser
internal import FoundationEssentials

/// How reset tokens reach the owners of addresses, with all that it takes.
struct DeliveryConfiguration {
  enum Way {
    /// Not at all: whoever asks for a token is given it.
    case answer
    case webhook(SecureURL, WebhookSecret)
    /// An absolute path.
    case command(String)
    case log
  }

  let way: Way
  /// The page to which links in messages lead; nil for messages without.
  let linkBase: SecureURL?

  /// Whether whoever asks for a token is given it.
  var isInAnswer: Bool { if case .answer = way { true } else { false } }

  /// - Throws: as ``Environment/value(_:_:default:)``, and `ValidationError` for what is missing, does not go together, or cannot be
  ///   read or run.
  init(_ options: DeliveryOptions, policy: PolicyName, environment: Environment) throws {
    let name = try environment.value(options.delivery, "reset-delivery")
    let url = try environment.value(options.webhookURL, "reset-webhook-url")
    let secretFile = try environment.value(options.webhookSecretFile, "reset-webhook-secret-file")
    let command = try environment.value(options.command, "reset-command")
    linkBase = try environment.value(options.linkBase, "reset-link-base")

    let chosen = try Self.choice(name, policy: policy)
    // What is said and not used was said in error, and this is no place for errors to stay.
    for (option, isGiven, ways) in [
      ("--reset-webhook-url", url != nil, [.webhook]),
      ("--reset-webhook-secret-file", secretFile != nil, [.webhook]),
      ("--reset-command", command != nil, [.command]),
      ("--reset-link-base", linkBase != nil, [.webhook, .command, .log]),
    ] as [(String, Bool, [DeliveryName])] where isGiven && !ways.contains(chosen) {
      throw ValidationError("\(option) is for --reset-delivery \(ways.map(\.rawValue).joined(separator: " or ")), not \(chosen)")
    }

    switch chosen {
    case .answer: way = .answer
    case .log: way = .log
    case .webhook:
      guard let url, let secretFile else {
        throw ValidationError("--reset-delivery webhook needs --reset-webhook-url and --reset-webhook-secret-file")
      }
      way = .webhook(url, try Self.secret(in: secretFile))
    case .command:
      guard let command else { throw ValidationError("--reset-delivery command needs --reset-command") }
      way = .command(try Self.program(command))
    }
  }

  private static func choice(_ name: DeliveryName?, policy: PolicyName) throws -> DeliveryName {
    switch (policy, name) {
    case (.classic, _): return name ?? .answer
    case (.strict, .answer), (.strict, nil):
      throw ValidationError(
        """
        --policy strict gives reset tokens to nobody but the owners of addresses: choose --reset-delivery webhook or command, or for \
        development log
        """)
    case (.strict, let name?): return name
    }
  }

  private static func secret(in file: String) throws -> WebhookSecret {
    do { return try WebhookSecret(contents: SecretFile.contents(of: file)) } catch {
      throw ValidationError("--reset-webhook-secret-file: \(file) \(error)")
    }
  }

  private static func program(_ path: String) throws -> String {
    // Another directory to start in would mean another program.
    guard path.hasPrefix("/") else { throw ValidationError("--reset-command needs an absolute path, not '\(path)'") }
    var isDirectory = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw ValidationError("--reset-command: \(path) does not exist")
    }
    guard !isDirectory, FileManager.default.isExecutableFile(atPath: path) else {
      throw ValidationError("--reset-command: \(path) is no program that this user may run")
    }
    return path
  }
}
