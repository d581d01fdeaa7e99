internal import ArgumentParser
internal import Logging

/// What the log contains, and in which form.
struct LogSettings: SettingGroup {
  @Option(Format.self) var format: Given<Format>
  enum Format: DefaultedSetting {
    static let name = "log-format"
    static let help = "`json` writes each line of the log as an object, `text` for people."
    static let placeholder = LogFormat.choices
    static let defaultValue = LogFormat.text
    typealias Value = LogFormat
  }

  @Option(Level.self) var level: Given<Level>
  enum Level: DefaultedSetting {
    static let name = "log-level"
    static let isReloadable = true
    static let help = "The lowest level that is logged; security events are `info` or, for refusals, `notice`."
    static let placeholder = Logger.Level.choices
    static let defaultValue = Logger.Level.info
    typealias Value = Logger.Level
  }

  @Flag var accessLog: GivenFlag<Access>?
  enum Access: Setting {
    static let name = "access-log"
    static let help = "Logs a line for each request, and puts the request's id into `X-Request-ID` of the response."
    static let placeholder = ""
    static let defaultText = "false"
    typealias Value = Bool
  }
}

extension Logger.Level: SettingValue {}
