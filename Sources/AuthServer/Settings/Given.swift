internal import ArgumentParser

/// The option of a setting, as the command line has it. ``SettingGroup`` shows the property that holds it.
struct Given<Declaration: Setting>: Sendable {
  /// Nil when the option is not given.
  fileprivate var text: String?
}

extension Given {
  /// The value of the option or else of the environment variable; nil where neither is given.
  ///
  /// - Throws: `ValidationError`, a sentence that names the option or variable; the argument parser exits with status 64 for it.
  func valueIfAny() throws -> Declaration.Value? {
    guard let text else { return try Environment.value(of: Declaration.self) }
    let option = Declaration.option
    guard !text.isEmpty else { throw ValidationError("\(option) has an empty value; give it one or leave it out") }
    do { return try Declaration.Value(setting: text) } catch { throw ValidationError("\(option) \(error)") }
  }
}

extension Given where Declaration: DefaultedSetting {
  /// The value of the option or else of the environment variable or else the default.
  ///
  /// - Throws: `ValidationError`, as ``valueIfAny()``.
  func value() throws -> Declaration.Value { try valueIfAny() ?? Declaration.defaultValue }
}

extension Option {
  init<Declaration>(_: Declaration.Type) where Value == Given<Declaration> {
    let hasDefault = Declaration.defaultText != "none"
    let help = Declaration.plainHelp + (hasDefault ? " (default: \(Declaration.defaultText))" : "")
    self.init(
      wrappedValue: Given(), name: .customLong(Declaration.name),
      help: ArgumentHelp(help, valueName: Declaration.placeholder)
    ) { Given(text: $0) }
  }
}

/// The flag of a setting, as the command line has it: a property of this type is nil when the flag is not given.
struct GivenFlag<Declaration: Setting>: EnumerableFlag where Declaration.Value == Bool {
  static var allCases: [GivenFlag] { [GivenFlag()] }
  static func name(for _: GivenFlag) -> NameSpecification { .customLong(Declaration.name) }
  static func help(for _: GivenFlag) -> ArgumentHelp? { ArgumentHelp(Declaration.plainHelp) }
}

extension Optional {
  /// Whether the command line has the flag or else the environment variable is `true`.
  ///
  /// - Throws: `ValidationError`, as ``Given/valueIfAny()``.
  func value<Declaration>() throws -> Bool where Wrapped == GivenFlag<Declaration> {
    try self != nil || Environment.value(of: Declaration.self) == true
  }
}
