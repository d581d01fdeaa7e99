internal import FoundationEssentials

/// The settings of mail that were given.
private struct MailSettings {
  let sender: MailSender?
  let program, templates: String?
  let language: LanguageTag?
  let service: ServiceName?
  let linkBase: LinkBase?
}

/// How messages reach users, with everything that the chosen method needs.
struct DeliveryConfiguration {
  enum Method {
    /// Not at all: every client that asks for a reset token is given it.
    case answer
    case webhook(SecureURL, WebhookSecret)
    /// An absolute path.
    case command(String)
    /// An absolute path.
    case mail(String, MailSender, MailTemplates)
    case log
  }

  private typealias Settings = DeliverySettings

  let method: Method
  /// The page to which links in messages lead; nil for messages without.
  let linkBase: LinkBase?
  /// What an operator should know who uses it.
  let warnings: [String]

  /// Whether a client that asks for a reset token is given it.
  var isInResponse: Bool { if case .answer = method { true } else { false } }

  var isInLog: Bool { if case .log = method { true } else { false } }

  /// Notes a problem for each option that is wrong, missing or contradictory, and for files that cannot be read or run.
  init(_ settings: DeliverySettings, pages: ServerURL?, policy: PolicyName, _ reader: inout SettingReader) {
    let given = reader.valueIfAny(of: settings.method)
    let (url, secretFile) = (reader.valueIfAny(of: settings.webhookURL), reader.valueIfAny(of: settings.webhookSecretFile))
    let command = reader.valueIfAny(of: settings.command)
    let ownPage = reader.valueIfAny(of: settings.linkBase)
    if pages != nil, ownPage != nil {
      reader.refuse(
        Settings.LinkBase.self, " cannot be combined with \(PageSettings.Pages.option): links lead to one or the other",
        besides: [PageSettings.Pages.self])
    }
    linkBase = pages.map { .pages($0) } ?? ownPage.map { .page($0) }
    let mail = MailSettings(
      sender: reader.valueIfAny(of: settings.mailFrom), program: reader.valueIfAny(of: settings.mailProgram),
      templates: reader.valueIfAny(of: settings.mailTemplates), language: reader.valueIfAny(of: settings.mailLanguage),
      service: reader.valueIfAny(of: settings.serviceName), linkBase: linkBase)
    Self.checkChoice(given, policy: policy, &reader)
    let chosen = given ?? .answer
    // An option that has no effect was given by mistake, and a mistake here can send tokens to the wrong place.
    for (setting, isGiven, methods) in [
      (Settings.WebhookURL.self, url != nil, [.webhook]),
      (Settings.WebhookSecretFile.self, secretFile != nil, [.webhook]),
      (Settings.Command.self, command != nil, [.command]),
      (Settings.MailFrom.self, mail.sender != nil, [.mail]),
      (Settings.MailProgram.self, mail.program != nil, [.mail]),
      (Settings.MailTemplatesFolder.self, mail.templates != nil, [.mail]),
      (Settings.MailLanguage.self, mail.language != nil, [.mail]),
      (Settings.Service.self, mail.service != nil && pages == nil, [.mail]),
      (Settings.LinkBase.self, ownPage != nil, [.webhook, .command, .mail, .log]),
      (PageSettings.Pages.self, pages != nil, [.webhook, .command, .mail, .log]),
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
      case .mail: Self.mail(mail, &reader) ?? .answer
      }
    if case .mail(_, _, let templates) = method, !templates.missing.isEmpty {
      let kinds = templates.missing.map(\.rawValue).joined(separator: ", ")
      warnings = ["these messages have no text in \(mail.language ?? .english) and are sent in en: \(kinds)"]
    } else {
      warnings = []
    }
  }

  private static func checkChoice(_ method: DeliveryMethod?, policy: PolicyName, _ reader: inout SettingReader) {
    guard policy == .strict, method ?? .answer == .answer else { return }
    reader.refuse(
      ServiceSettings.Policy.self,
      """
       strict gives reset tokens to users only, not to clients that ask for them: choose \(Settings.Method.option) webhook, \
      command or mail, or log for development
      """, besides: [Settings.Method.self])
  }

  private static func webhook(url: SecureURL?, secretFile: String?, _ reader: inout SettingReader) -> Method? {
    guard let url, let file = secretFile else {
      reader.refuse(
        Settings.Method.self, " webhook needs \(Settings.WebhookURL.option) and \(Settings.WebhookSecretFile.option)",
        besides: [Settings.WebhookURL.self, Settings.WebhookSecretFile.self])
      return nil
    }
    return reader.webhookSecret(in: file, Settings.WebhookSecretFile.self).map { .webhook(url, $0) }
  }

  private static func command(_ path: String?, _ reader: inout SettingReader) -> Method? {
    guard let path else {
      reader.refuse(Settings.Method.self, " command needs \(Settings.Command.option)", besides: [Settings.Command.self])
      return nil
    }
    return isProgram(path, Settings.Command.self, &reader) ? .command(path) : nil
  }

  /// Whether the server can run the program; otherwise a problem is noted.
  private static func isProgram(_ path: String, _ setting: any Setting.Type, _ reader: inout SettingReader) -> Bool {
    // In another working directory a relative path would name another program.
    guard path.hasPrefix("/") else {
      reader.refuse(setting, " must be an absolute path, not '\(path)'")
      return false
    }
    var isDirectory = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      reader.refuse(setting, ": \(path) does not exist")
      return false
    }
    guard !isDirectory, FileManager.default.isExecutableFile(atPath: path) else {
      reader.refuse(setting, ": \(path) is not a program that this user may run")
      return false
    }
    return true
  }

  private static func mail(_ mail: MailSettings, _ reader: inout SettingReader) -> Method? {
    // Before the values that are missing: all problems are shown at once.
    let program = mail.program ?? Settings.MailProgram.defaultPath
    let isUsable = isProgram(program, Settings.MailProgram.self, &reader)
    guard let sender = mail.sender, let linkBase = mail.linkBase else {
      reader.refuse(
        Settings.Method.self,
        " mail needs \(Settings.MailFrom.option), and \(PageSettings.Pages.option) or \(Settings.LinkBase.option)",
        besides: [Settings.MailFrom.self, Settings.LinkBase.self, PageSettings.Pages.self])
      return nil
    }
    guard mail.language ?? .english == .english || mail.templates != nil else {
      reader.refuse(
        Settings.MailLanguage.self, " needs \(Settings.MailTemplatesFolder.option): only en has texts without it",
        besides: [Settings.MailTemplatesFolder.self])
      return nil
    }
    do throws(MailTemplateProblems) {
      let templates = try MailTemplates(
        folder: mail.templates, language: mail.language ?? .english, service: mail.service?.text ?? sender.address.host,
        linkBase: linkBase)
      return isUsable ? .mail(program, sender, templates) : nil
    } catch {
      reader.refuse(Settings.MailTemplatesFolder.self, error.sentences.map { ": \($0)" })
      return nil
    }
  }
}
