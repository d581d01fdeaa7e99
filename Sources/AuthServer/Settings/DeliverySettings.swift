internal import ArgumentParser

struct DeliverySettings: SettingGroup {
  @Option(Method.self) var method: Given<Method>
  enum Method: Setting {
    static let name = "delivery"
    static let help = """
      How messages reach users. `answer`, under `classic` only: clients are given reset tokens instead. `log`: for development.
      """
    static let placeholder = DeliveryMethod.choices
    static let defaultText = "answer under classic, none under strict"
    static func textOfDefault(under policy: PolicyName) -> String? {
      // Under strict it is an error not to choose one.
      policy == .classic ? DeliveryMethod.answer.rawValue : nil
    }
    typealias Value = DeliveryMethod
  }

  @Option(Command.self) var command: Given<Command>
  enum Command: Setting {
    static let name = "delivery-command"
    static let help = "The absolute path of the program that is given each message on standard input."
    static let placeholder = "path"
    typealias Value = String
  }

  @Option(WebhookURL.self) var webhookURL: Given<WebhookURL>
  enum WebhookURL: Setting {
    static let name = "webhook-url"
    static let help = "Where messages are posted: \(SecureURL.rule)."
    static let placeholder = "url"
    static func shown(_ text: String) -> String { SecureURL.redacted(text) }
    typealias Value = SecureURL
  }

  @Option(WebhookSecretFile.self) var webhookSecretFile: Given<WebhookSecretFile>
  enum WebhookSecretFile: Setting {
    static let name = "webhook-secret-file"
    static let help = "The file with the secret that signs posted messages: `whsec_` and base 64, or a raw key."
    static let placeholder = "file"
    typealias Value = String
  }

  @Option(LinkBase.self) var linkBase: Given<LinkBase>
  enum LinkBase: Setting {
    static let name = "link-base"
    static let help = "Your own page in which users set a new password, for the link in a message: \(SecureURL.rule)."
    static let placeholder = "url"
    typealias Value = SecureURL
  }

  @Option(MailFrom.self) var mailFrom: Given<MailFrom>
  enum MailFrom: Setting {
    static let name = "mail-from"
    static let help = "The sender of mail: an address, or a name and an address such as `Example <accounts@example.org>`."
    static let placeholder = "sender"
    typealias Value = MailSender
  }

  @Option(MailProgram.self) var mailProgram: Given<MailProgram>
  enum MailProgram: Setting {
    static let name = "mail-program"
    static let help = "The absolute path of the program that sends mail, called as `sendmail -t -i -f <address>`."
    static let placeholder = "path"
    static let defaultPath = "/usr/sbin/sendmail"
    static let defaultText = defaultPath
    typealias Value = String
  }

  @Option(MailTemplatesFolder.self) var mailTemplates: Given<MailTemplatesFolder>
  enum MailTemplatesFolder: Setting {
    static let name = "mail-templates"
    static let help = "The folder with your own texts of mail, in a folder for each language, such as `en`."
    static let placeholder = "folder"
    typealias Value = String
  }

  @Option(MailLanguage.self) var mailLanguage: Given<MailLanguage>
  enum MailLanguage: Setting {
    static let name = "mail-language"
    static let help = "The language of mail, a tag such as `en` or `pt-BR`; any but `en` needs texts of your own."
    static let placeholder = "tag"
    static let defaultText = LanguageTag.english.text
    typealias Value = LanguageTag
  }

  @Option(Service.self) var serviceName: Given<Service>
  enum Service: Setting {
    static let name = "service-name"
    static let help = "The name of the service in mail and on pages, at most \(ServiceName.maximumBytes) bytes."
    static let placeholder = "name"
    static let defaultText = "the host of the sender of mail or, on pages, of the server"
    typealias Value = ServiceName
  }
}
