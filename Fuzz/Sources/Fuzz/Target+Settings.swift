@testable internal import AuthCore
@testable internal import Settings

extension Target {
  /// A settings file.
  static let settings = Target(name: "Settings") { bytes in
    let file = SettingsFile(path: "a.yaml", contents: bytes)
    require(isSame(SettingsFile(path: "a.yaml", contents: bytes), file), "a file is read alike each time")
    let lines = 1...(1 + bytes.text.unicodeScalars.count(where: isLineBreak))
    require(file.entries.allSatisfy { lines.contains($0.line) }, "an entry is on a line of the file")
    require(file.problems.allSatisfy { lines.contains($0.line) }, "a problem is on a line of the file")
    for problem in file.problems {
      // Of its bytes: a key may begin with a combining mark, which joins the space before it to one character.
      require(problem.description.utf8.starts(with: "a.yaml:\(problem.line): ".utf8), "a problem begins with its line")
      require(problem.description.unicodeScalars.allSatisfy(\.isPrintable), "what is said about a file forges no line")
    }
    for entry in file.entries { require(file.entry(of: entry.key) == entry, "a key is there once") }
    guard file.problems.isEmpty else { return }

    let values = file.entries.filter { $0.content != .table }
    let again = SettingsFile(path: "a.yaml", contents: Array(values.map(written).joined().utf8))
    require(again.problems.isEmpty, "what was read can be written")
    require(isSame(again.entries, values, withLines: false), "settings that are written are read as they were")
  }

  private static func isSame(_ one: SettingsFile, _ other: SettingsFile) -> Bool {
    isSame(one.entries, other.entries) && one.problems == other.problems
  }

  private static func isSame(_ one: [SettingsFile.Entry], _ other: [SettingsFile.Entry], withLines: Bool = true) -> Bool {
    one.count == other.count
      && zip(one, other).allSatisfy { one, other in
        one.key.hasSameBytes(as: other.key) && one.content == other.content && (!withLines || one.line == other.line)
      }
  }

  /// Those of YAML 1.1, as libyaml counts them. The two bytes of one line break count twice here.
  private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
    ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
  }

  /// A key and its value, in a form in which both may be long.
  private static func written(_ entry: SettingsFile.Entry) -> String {
    switch entry.content {
    case .text(let text): "? \(quoted(entry.key))\n: \(quoted(text))\n"
    case .list(let texts): "? \(quoted(entry.key))\n: [\(texts.map(quoted).joined(separator: ","))]\n"
    case .table: ""
    }
  }

  private static func quoted(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { scalar in
      if scalar.isASCII, scalar.properties.isAlphabetic { return String(scalar) }
      let digits = String(scalar.value, radix: 16)
      return "\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
    return "\"" + scalars.joined() + "\""
  }
}
