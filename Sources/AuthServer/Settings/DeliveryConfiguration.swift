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

  /// Notes a problem for each option that is wrong, missing or contradictory, and for files that cannot be read or run.
  init(_ settings: DeliverySettings, policy: PolicyName, _ reader: inout SettingReader) {
    let given = reader.valueIfAny(of: settings.method)
    let (url, secretFile) = (reader.valueIfAny(of: settings.webhookURL), reader.valueIfAny(of: settings.webhookSecretFile))
    let command = reader.valueIfAny(of: settings.command)
    linkBase = reader.valueIfAny(of: settings.linkBase)
    Self.checkChoice(given, policy: policy, &reader)
    let chosen = given ?? .answer
    // An option that has no effect was given by mistake, and a mistake here can send tokens to the wrong place.
    for (setting, isGiven, methods) in [
      (Settings.WebhookURL.self, url != nil, [.webhook]),
      (Settings.WebhookSecretFile.self, secretFile != nil, [.webhook]),
      (Settings.Command.self, command != nil, [.command]),
      (Settings.LinkBase.self, linkBase != nil, [.webhook, .command, .log]),
    ] as [(any Setting.Type, Bool, [DeliveryMethod])] where isGiven && !methods.contains(chosen) {
      let names = methods.map(\.rawValue).joined(separator: " or ")
      reader.refuse(setting, " is for \(Settings.Method.option) \(names), not \(chosen)", besides: [Settings.Method.self])
    }
    method =
      switch chosen {
      case .answer: .answer
      case .log: .log
      case .webhook: Self.webhook(url: url, secretFile: secretFile, &reader) ?? .answer
      case .command: Self.command(command, &reader) ?? .answer
      }
  }

  private static func checkChoice(_ method: DeliveryMethod?, policy: PolicyName, _ reader: inout SettingReader) {
    guard policy == .strict, method ?? .answer == .answer else { return }
    reader.refuse(
      ServiceSettings.Policy.self,
      """
       strict gives reset tokens to users only, not to clients that ask for them: choose \(Settings.Method.option) webhook or \
      command, or log for development
      """, besides: [Settings.Method.self])
  }

  private static func webhook(url: SecureURL?, secretFile: String?, _ reader: inout SettingReader) -> Method? {
    guard let url, let file = secretFile else {
      reader.refuse(
        Settings.Method.self, " webhook needs \(Settings.WebhookURL.option) and \(Settings.WebhookSecretFile.option)",
        besides: [Settings.WebhookURL.self, Settings.WebhookSecretFile.self])
      return nil
    }
    do { return .webhook(url, try WebhookSecret(contents: SecretFile.contents(of: file))) } catch {
      reader.refuse(Settings.WebhookSecretFile.self, ": \(file) \(error)")
      return nil
    }
  }

  private static func command(_ path: String?, _ reader: inout SettingReader) -> Method? {
    guard let path else {
      reader.refuse(Settings.Method.self, " command needs \(Settings.Command.option)", besides: [Settings.Command.self])
      return nil
    }
    // In another working directory a relative path would name another program.
    guard path.hasPrefix("/") else {
      reader.refuse(Settings.Command.self, " must be an absolute path, not '\(path)'")
      return nil
    }
    var isDirectory = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      reader.refuse(Settings.Command.self, ": \(path) does not exist")
      return nil
    }
    guard !isDirectory, FileManager.default.isExecutableFile(atPath: path) else {
      reader.refuse(Settings.Command.self, ": \(path) is not a program that this user may run")
      return nil
    }
    return .command(path)
  }
}
