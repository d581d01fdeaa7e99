internal import ArgumentParser
internal import AuthCore

struct ServiceSettings: SettingGroup {
  @Option(Config.self) var config: Given<Config>
  enum Config: Setting {
    static let name = "config"
    static let help = "The settings file, in YAML: every other option by its name, and the numbers of the policy."
    static let placeholder = "file"
    typealias Value = String
  }

  @Option(Host.self) var host: Given<Host>
  enum Host: DefaultedSetting {
    static let name = "host"
    static let help = "The IP address or host name to listen on."
    static let placeholder = "host"
    static let defaultValue = "0.0.0.0"
    typealias Value = String
  }

  @Option(ListeningPort.self) var port: Given<ListeningPort>
  enum ListeningPort: DefaultedSetting {
    static let name = "port"
    static let help = "The port to listen on, \(Port.limitsText); 0 takes a free one."
    static let placeholder = "number"
    static let defaultValue = Port(value: 5000)
    typealias Value = Port
  }

  @Option(Listen.self) var listen: Given<Listen>
  enum Listen: Setting {
    static let name = "listen"
    static let help = """
      In place of a host and a port, any number of places separated by commas: `unix:` and the absolute path of a Unix socket, or \
      an IP address and a port, such as `[::1]:5000`.
      """
    static let placeholder = "list"
    typealias Value = EndpointList
  }

  @Option(Database.self) var database: Given<Database>
  enum Database: DefaultedSetting {
    static let name = "database"
    static let help = """
      The SQLite file, created if it does not exist, or the URL of a PostgreSQL database, such as `postgres://auth@db/auth`; \
      `:memory:` keeps nothing.
      """
    static let placeholder = "place"
    static let defaultValue = StoreLocation.file("auth.sqlite")
    typealias Value = StoreLocation
  }

  @Option(KeepAliveTimeout.self) var keepAliveTimeout: Given<KeepAliveTimeout>
  enum KeepAliveTimeout: DefaultedSetting {
    static let name = "keep-alive-timeout"
    static let help = """
      How long an idle connection stays open, \(KeepAliveSeconds.limitsText) seconds; longer than the proxy in front keeps it.
      """
    static let placeholder = "seconds"
    static let defaultValue = KeepAliveSeconds(value: 75)
    typealias Value = KeepAliveSeconds
  }

  @Option(Policy.self) var policy: Given<Policy>
  enum Policy: DefaultedSetting {
    static let name = "policy"
    static let help = "`strict` is for production, `classic` the original specification to the letter."
    static let placeholder = PolicyName.choices
    static let defaultValue = PolicyName.classic
    typealias Value = PolicyName
  }

  @Option(Registration.self) var registration: Given<Registration>
  enum Registration: DefaultedSetting {
    static let name = "registration"
    static let isReloadable = true
    static let help = "Whether clients may create accounts."
    static let placeholder = AuthPolicy.Registration.choices
    static let defaultValue = AuthPolicy.Registration.open
    typealias Value = AuthPolicy.Registration
  }

  @Option(VerifyEmails.self) var verifyEmails: Given<VerifyEmails>
  enum VerifyEmails: Setting {
    static let name = "verify-emails"
    static let isReloadable = true
    static let help = """
      When the owner of an account must have verified the email, under `strict`: before the account exists, so that a registration \
      shows no one which emails are taken, or before it can be recovered.
      """
    static let placeholder = Value.choices
    static let defaultText = "before-login under strict, off under classic"
    static func defaultValue(under policy: PolicyName) -> Value { policy == .strict ? .beforeLogin : .off }
    static func textOfDefault(under policy: PolicyName) -> String? { defaultValue(under: policy).rawValue }
    typealias Value = AuthPolicy.EmailVerification.Requirement
  }
}

extension AuthPolicy.Registration: SettingValue {}
extension AuthPolicy.EmailVerification.Requirement: SettingValue {}
