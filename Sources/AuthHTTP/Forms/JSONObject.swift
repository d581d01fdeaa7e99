internal import AuthCore

/// Reads one JSON object (RFC 8259) and refuses any other text, even if the fault is in a member that no caller asks for, because
/// such a text may mean something else to another program.
///
/// Foundation's decoder is not used: it does not check members that are not decoded, accepts commas before closing brackets and
/// encodings other than UTF-8, and hashes names as Swift does, which takes seconds for some.
package enum JSONObject {
  /// The members of the outermost object in their order, repeated ones too. Names are UTF-8.
  package typealias Members = [(name: [UInt8], value: Value)]

  /// The value of a member. Numbers, arrays and objects are checked and not kept.
  package enum Value: Equatable {
    case text(String), bool(Bool), null, other

    package var text: String? {
      if case .text(let text) = self { text } else { nil }
    }
  }

  /// nil when the text is not one JSON object.
  package static func members(of text: [UInt8]) -> Members? {
    var reader = JSONObjectReader(text)
    return reader.read()
  }
}

private struct JSONObjectReader {
  /// How deep arrays and objects may nest (RFC 8259, 9 allows a limit). A form is 1 deep.
  private static let maximumDepth = 100

  private enum Container { case object, array }

  private enum Expected { case value, valueOrEnd, name, nameOrEnd, commaOrEnd }

  private let bytes: [UInt8]
  private var index = 0
  /// The containers that are open, the outermost first.
  private var open: [Container] = []
  private var expected = Expected.value
  /// The name of the member of the outermost object that is being read.
  private var name: [UInt8] = []
  private var members: JSONObject.Members = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func read() -> JSONObject.Members? {
    // The grammar concerns only ASCII, so UTF-8 can be checked separately. RFC 8259, 8.1 lets readers ignore a byte order mark.
    guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { index = 3 }
    skipSpace()
    guard peek == UInt8(ascii: "{") else { return nil }
    repeat {
      guard readToken() else { return nil }
      skipSpace()
    } while !open.isEmpty
    return index == bytes.count ? members : nil
  }

  /// Reads the next bracket, comma, name or value, if it is allowed here.
  private mutating func readToken() -> Bool {
    guard let byte = peek else { return false }
    switch (expected, byte) {
    case (.commaOrEnd, UInt8(ascii: ",")):
      index += 1
      expected = open.last == .object ? .name : .value
      return true
    case (.nameOrEnd, UInt8(ascii: "}")), (.valueOrEnd, UInt8(ascii: "]")),
      (.commaOrEnd, UInt8(ascii: "}")) where open.last == .object,
      (.commaOrEnd, UInt8(ascii: "]")) where open.last == .array:
      index += 1
      open.removeLast()
      expected = .commaOrEnd
      return true
    case (.name, UInt8(ascii: "\"")), (.nameOrEnd, UInt8(ascii: "\"")): return readName()
    case (.value, _), (.valueOrEnd, _): return readValue()
    default: return false
    }
  }

  private mutating func readName() -> Bool {
    guard let text = readString() else { return false }
    if open.count == 1 { name = text }
    skipSpace()
    expected = .value
    return skip(":")
  }

  private mutating func readValue() -> Bool {
    let isMember = open.count == 1
    expected = .commaOrEnd
    var value = JSONObject.Value.other
    switch peek {
    case UInt8(ascii: "\""):
      guard let text = readString().flatMap({ String(validating: $0, as: UTF8.self) }) else { return false }
      value = .text(text)
    case UInt8(ascii: "{"): guard begin(.object, expecting: .nameOrEnd) else { return false }
    case UInt8(ascii: "["): guard begin(.array, expecting: .valueOrEnd) else { return false }
    case UInt8(ascii: "t"):
      guard skip("true") else { return false }
      value = .bool(true)
    case UInt8(ascii: "f"):
      guard skip("false") else { return false }
      value = .bool(false)
    case UInt8(ascii: "n"):
      guard skip("null") else { return false }
      value = .null
    default: guard skipNumber() else { return false }
    }
    if isMember { members.append((name, value)) }
    return true
  }

  private mutating func begin(_ container: Container, expecting next: Expected) -> Bool {
    guard open.count < Self.maximumDepth else { return false }
    index += 1
    open.append(container)
    expected = next
    return true
  }

  // MARK: Strings

  /// The text of a string in UTF-8; nil for a string that does not end, or contains a control character, an unknown escape or
  /// half of a surrogate pair, which the grammar allows and no Unicode text contains (RFC 8259, 8.2).
  private mutating func readString() -> [UInt8]? {
    index += 1
    var text: [UInt8] = []
    while let byte = peek, byte >= 0x20 {
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return text
      case UInt8(ascii: "\\"):
        guard let escaped = readEscape() else { return nil }
        text += escaped
      default: text.append(byte)
      }
    }
    return nil
  }

  private mutating func readEscape() -> [UInt8]? {
    guard let byte = peek else { return nil }
    index += 1
    guard byte == UInt8(ascii: "u") else { return Self.shortEscapes[byte].map { [$0] } }
    guard let unit = readCodeUnit() else { return nil }
    guard (0xd800..<0xdc00).contains(unit) else { return Unicode.Scalar(unit).map { Array(String($0).utf8) } }
    guard skip("\\u"), let low = readCodeUnit(), (0xdc00..<0xe000).contains(low) else { return nil }
    return Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00)).map { Array(String($0).utf8) }
  }

  /// The four hexadecimal digits after `\u`.
  private mutating func readCodeUnit() -> UInt32? {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = peek.flatMap(Self.hexadecimalValue) else { return nil }
      unit = unit << 4 | UInt32(digit)
      index += 1
    }
    return unit
  }

  private static let shortEscapes: [UInt8: UInt8] = [
    UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "/"): UInt8(ascii: "/"),
    UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0c, UInt8(ascii: "n"): 0x0a, UInt8(ascii: "r"): 0x0d, UInt8(ascii: "t"): 0x09,
  ]

  private static func hexadecimalValue(_ digit: UInt8) -> Int? {
    digit.isASCIILetterOrDigit ? Character(Unicode.Scalar(digit)).hexDigitValue : nil
  }

  // MARK: Numbers, words and space

  private mutating func skipNumber() -> Bool {
    skip("-")
    guard skip("0") || skipDigits() else { return false }
    if skip("."), !skipDigits() { return false }
    guard skip("e") || skip("E") else { return true }
    if !skip("+") { skip("-") }
    return skipDigits()
  }

  private mutating func skipDigits() -> Bool {
    let start = index
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
    return index > start
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { index += 1 }
  }

  /// Reads these ASCII characters, if they come next.
  @discardableResult
  private mutating func skip(_ text: String) -> Bool {
    guard bytes[index...].starts(with: text.utf8) else { return false }
    index += text.utf8.count
    return true
  }

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }
}
