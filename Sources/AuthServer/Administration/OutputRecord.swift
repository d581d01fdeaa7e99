internal import AuthCore
internal import AuthHTTP

/// What a command prints: members in their order, as an object of JSON or as lines for people.
struct OutputRecord {
  private(set) var members: [(name: String, value: JSONValue)] = []

  mutating func add(_ name: String, _ value: JSONValue) { members.append((name, value)) }

  mutating func add(_ name: String, _ moment: Timestamp?) { add(name, moment.map { .text($0.rfc3339) } ?? .null) }

  mutating func add(_ name: String, _ text: String?) { add(name, text.map(JSONValue.text) ?? .null) }

  mutating func add(_ name: String, _ number: some BinaryInteger) { add(name, .number(Int64(number))) }

  mutating func add(_ name: String, _ records: [OutputRecord]) { add(name, .list(records.map(JSONValue.object))) }

  /// An object in one line.
  var json: String { JSONValue.object(self).json }

  /// A line for each member that has a value.
  var lines: String {
    let shown = members.filter { $0.value.line != nil }
    let width = shown.map(\.name.count).max() ?? 0
    return shown.map { name, value in
      name.replacing("_", with: " ") + String(repeating: " ", count: width - name.count + 2) + value.line!
    }.joined(separator: "\n")
  }

  /// All members that have a value, in one line.
  var line: String {
    members.compactMap { name, value in value.line.map { "\(name)=\($0)" } }.joined(separator: " ")
  }

  /// Prints the record as an operator asked for it.
  func print(asJSON: Bool) { Swift.print(asJSON ? json : lines) }
}

/// A value of JSON.
enum JSONValue {
  case text(String)
  case number(Int64)
  case flag(Bool)
  case null
  case list([JSONValue])
  case object(OutputRecord)

  /// In ASCII where a terminal could take a character for an order: an email may contain any.
  var json: String {
    switch self {
    case .text(let text): "\"" + Self.escaped(text) + "\""
    case .number(let number): "\(number)"
    case .flag(let flag): "\(flag)"
    case .null: "null"
    case .list(let values): "[" + values.map(\.json).joined(separator: ",") + "]"
    case .object(let record):
      "{" + record.members.map { JSONValue.text($0.name).json + ":" + $0.value.json }.joined(separator: ",") + "}"
    }
  }

  /// The value for people; nil where there is none.
  var line: String? {
    switch self {
    case .text(let text): text.escapingUnprintable
    case .number(let number): "\(number)"
    case .flag(let flag): flag ? "yes" : "no"
    case .null: nil
    case .list(let values): values.isEmpty ? "none" : "\(values.count)"
    case .object(let record): record.line
    }
  }

  private static func escaped(_ text: String) -> String {
    let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
    // Nearly every text; looking up the category of each scalar takes microseconds.
    if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) && $0 != quote && $0 != backslash }) { return text }
    return text.unicodeScalars.map(escaped).joined()
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case _ where scalar.isPrintable: String(scalar)
    default: UTF16.encode(scalar)!.map { "\\u" + hexadecimal($0) }.joined()
    }
  }

  private static func hexadecimal(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
