internal import ArgumentParser

/// The option of a setting, as the command line has it. ``SettingGroup`` shows the property that holds it, and ``SettingReader``
/// finds its value, there or elsewhere.
struct Given<Declaration: Setting>: Sendable {
  /// Nil when the option is not given.
  var text: String?
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
