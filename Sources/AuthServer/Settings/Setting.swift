/// The declaration of a setting: its option on the command line, its environment variable, its key in the settings file, its text
/// in `--help`, its row in `Docs/Operations.md` and the check of its value all come from it.
///
/// A setting is declared next to the property that holds it, in a ``SettingGroup``. Apart from the code that uses its value,
/// nothing else has to change when one is added.
protocol Setting: SendableMetatype {
  associatedtype Value: SettingValue

  /// The option without its two hyphens, and the key in the settings file. In capitals, and with ``Environment/prefix`` before
  /// it, it is the variable.
  static var name: String { get }

  /// Sentences on what it does, with the limits but not the default. The only Markdown in them is backticks.
  static var help: String { get }

  /// The name of the value in `--help`; empty for a flag.
  static var placeholder: String { get }

  /// What applies when the setting is not given, in words.
  static var defaultText: String { get }

  /// Whether SIGHUP changes it in a running server. By default a change needs a restart.
  static var isReloadable: Bool { get }

  /// The default under a preset, as the settings file would have it; nil for none.
  static func textOfDefault(under policy: PolicyName) -> String?

  /// The text of a value without the secrets in it.
  static func shown(_ text: String) -> String
}

/// A setting with a default that does not depend on others.
protocol DefaultedSetting: Setting {
  static var defaultValue: Value { get }
}

extension Setting {
  static var option: String { "--" + name }
  static var variable: String { Environment.variable(name) }
  static var defaultText: String { "none" }
  static var isReloadable: Bool { false }
  static func textOfDefault(under _: PolicyName) -> String? { nil }
  static func shown(_ text: String) -> String { text }

  /// Whether the value is a list, which the settings file may write as one.
  static var isList: Bool { Value.self is any ValueList.Type }

  /// The help without backticks, for `--help`.
  static var plainHelp: String { help.replacing("`", with: "") }

  /// The setting's row of the table in `Docs/Operations.md`.
  static var row: String { "| `\(option)` | `\(variable)` | \(defaultText) | \(help) |" }
}

extension DefaultedSetting {
  static var defaultText: String { "\(defaultValue)" }
  static func textOfDefault(under _: PolicyName) -> String? { "\(defaultValue)" }
}

/// The type of a setting's value, parsed from text.
protocol SettingValue: Sendable {
  init(setting text: String) throws(InvalidValue)
}

/// Why a text is not the value of a setting.
struct InvalidValue: Error, CustomStringConvertible {
  /// Follows the name of the option or variable: `must be true or false, not 'yes'`. It repeats no text that may be secret.
  let reason: String

  var description: String { reason }
}

extension String: SettingValue {
  init(setting text: String) { self = text }
}

extension Bool: SettingValue {
  init(setting text: String) throws(InvalidValue) {
    guard let value = Bool(text) else { throw InvalidValue(reason: "must be true or false, not '\(text)'") }
    self = value
  }
}

extension SettingValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  /// The names of all cases.
  static var choices: String { allCases.map(\.rawValue).joined(separator: "|") }

  init(setting text: String) throws(InvalidValue) {
    guard let value = Self(rawValue: text) else {
      let names = Self.allCases.map(\.rawValue)
      let list = names.dropLast().joined(separator: ", ") + " or " + names.last!
      throw InvalidValue(reason: "must be \(list), not '\(text)'")
    }
    self = value
  }
}
