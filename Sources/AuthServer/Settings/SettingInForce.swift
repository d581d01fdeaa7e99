internal import AuthCore

/// The value of a setting, or of a number of the policy, with which the server runs.
struct SettingInForce: Sendable, Equatable {
  let key: String
  /// As the settings file would have it, secrets redacted; nil for none.
  let text: String?
  let isList: Bool
  /// Where it comes from, in words.
  let source: String
  /// Whether SIGHUP changes it.
  let isReloadable: Bool
}

extension SettingInForce {
  /// All of them, in the order in which the settings file has them best: what is in a table comes last.
  static func all(_ reader: SettingReader, _ policy: AuthPolicy, _ preset: PolicyName) -> [SettingInForce] {
    ServerSettings.settings.filter { $0.name != ServiceSettings.Config.name }.map { SettingInForce($0, reader, preset) }
      + PolicyKeys.all.compactMap { key in
        guard let text = key.text(policy) else { return nil }
        let line = reader.file?.entry(of: key.name).map { Origin.line($0.line, of: reader.file?.path ?? "") }
        return SettingInForce(
          key: key.name, text: text, isList: false, source: line?.description(of: key.name) ?? preset.rawValue, isReloadable: true
        )
      }
  }

  private init(_ setting: any Setting.Type, _ reader: SettingReader, _ preset: PolicyName) {
    let found = reader.found[setting.name]
    key = setting.name
    text = (found?.text ?? setting.textOfDefault(under: preset)).map { setting.shown($0) }
    isList = setting.isList
    source = reader.origin(of: setting.name).description(of: setting.name)
    isReloadable = setting.isReloadable
  }
}

extension [SettingInForce] {
  /// A settings file with these values, and where each comes from in a comment.
  var settingsFile: String {
    var lines: [(code: String, comment: String)] = []
    var tables: [Substring] = []
    for value in self {
      let path = value.key.split(separator: ".")
      let shared = zip(path.dropLast(), tables).prefix { $0 == $1 }.count
      tables = path.dropLast()
      for depth in shared..<tables.count { lines.append((String(repeating: "  ", count: depth) + tables[depth] + ":", "")) }
      let name = String(repeating: "  ", count: tables.count) + path.last! + ":"
      guard let text = value.text else {
        lines.append(("# \(name)", "none"))
        continue
      }
      lines.append(("\(name) \(value.isList ? Self.list(text) : Self.scalar(text))", "# " + value.source))
    }
    let width = lines.map(\.code.count).max() ?? 0
    return lines.map { code, comment in
      comment.isEmpty ? code : code + String(repeating: " ", count: Swift.max(width - code.count, 0) + 2) + comment
    }.joined(separator: "\n")
  }

  private static func list(_ text: String) -> String {
    "[" + text.split(separator: ",").map { scalar(String($0)) }.joined(separator: ", ") + "]"
  }

  /// Plain where that cannot be mistaken for anything else, and otherwise in double quotes, as JSON has it.
  private static func scalar(_ text: String) -> String {
    guard text.wholeMatch(of: /[A-Za-z0-9_.\/][A-Za-z0-9_.\/\-]*/) == nil else { return text }
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case " "..."~", "\u{a0}"...: String(scalar)
      default: "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      }
    }
    return "\"" + escaped.joined() + "\""
  }
}
