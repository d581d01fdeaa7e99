internal import ArgumentParser

/// Settings that `--help` shows under one heading. Each is a declaration and, before it, the property that holds it:
///
/// ```swift
/// @Option(Port.self) var port: Given<Port>
/// enum Port: DefaultedSetting { … }
/// ```
protocol SettingGroup: ParsableArguments, SettingList {}

/// Has declarations of settings.
protocol SettingList {
  static var settings: [any Setting.Type] { get }
}

extension SettingGroup {
  /// The settings in the order of the properties.
  static var settings: [any Setting.Type] {
    Mirror(reflecting: Self()).children.flatMap { property in
      (property.value as? any SettingList).map { type(of: $0).settings } ?? []
    }
  }
}

extension OptionGroup: SettingList where Value: SettingList {
  static var settings: [any Setting.Type] { Value.settings }
}

extension Option: SettingList where Value: SettingList {
  static var settings: [any Setting.Type] { Value.settings }
}

extension Flag: SettingList where Value: SettingList {
  static var settings: [any Setting.Type] { Value.settings }
}

extension Optional: SettingList where Wrapped: SettingList {
  static var settings: [any Setting.Type] { Wrapped.settings }
}

extension Given: SettingList {
  static var settings: [any Setting.Type] { [Declaration.self] }
}

extension GivenFlag: SettingList {
  static var settings: [any Setting.Type] { [Declaration.self] }
}
