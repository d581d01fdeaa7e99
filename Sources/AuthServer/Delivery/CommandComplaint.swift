internal import AuthCore

/// The part of a program's standard error that may be logged.
struct CommandComplaint: Sendable {
  /// The limit in bytes. A longer first line is left out, because it could be cut off in the middle of a token.
  static let maximumBytes = 1024

  private var beginning: [UInt8] = []

  mutating func append(_ bytes: RawSpan) {
    let missing = Self.maximumBytes + 1 - beginning.count
    // SAFETY: the bytes are copied before the closure returns.
    unsafe bytes.withUnsafeBytes { unsafe beginning.append(contentsOf: $0.prefix(missing)) }
  }

  /// The first line, without the message's token and emails in any form in which the program received them; nil when it is empty
  /// or too long, or repeats a line of its input, in which both may be cut in two. Control characters, which could forge lines
  /// in the log, are escaped.
  ///
  /// - Parameter input: what the program was given.
  func text(about message: AuthMessage, whichWas input: [UInt8]) -> String? {
    let line = beginning.prefix { $0 != UInt8(ascii: "\n") }
    guard !line.isEmpty, line.count <= Self.maximumBytes, !Self.repeats(line, input) else { return nil }
    let emails = Self.forms(of: message.email) + (message.accountEmail.map(Self.forms) ?? [])
    let names =
      message.secrets.flatMap { [$0] + Self.pieces(of: $0) }.map { ($0, "[token]") } + emails.map { ($0, "[email]") }
    return String(decoding: Self.replacing(names, in: line), as: UTF8.self).escapingUnprintable
  }

  /// Every piece of a token that is worth hiding, of which the line may have one: a mail breaks its lines anywhere.
  private static func pieces(of token: String) -> [String] {
    let (bytes, length) = (Array(token.utf8), 8)
    guard bytes.count > length else { return [] }
    return (0...bytes.count - length).map { String(decoding: bytes[$0..<$0 + length], as: UTF8.self) }
  }

  /// The forms in which a program may have received an email.
  private static func forms(of email: Email) -> [String] {
    let text = email.text
    return [text, (try? MailAddress(text))?.text, escapedInJSON(text), text.percentEncoded()].compactMap(\.self)
  }

  /// Whether the line contains one of the lines of a longer input, in any case of ASCII letters. A single line is that of JSON,
  /// in which nothing is cut.
  private static func repeats(_ line: ArraySlice<UInt8>, _ input: [UInt8]) -> Bool {
    let lines = input.split(separator: UInt8(ascii: "\n"))
    guard lines.count > 1 else { return false }
    let said = Array(line.foldedASCII)
    // Only lines that have room for half of a token.
    return lines.contains { $0.count >= 16 && said.firstRange(of: Array($0.foldedASCII)) != nil }
  }

  /// As `AuthMessage.json(linkBase:)` escapes it. Byte by byte: a `"` with a combining mark is another character to Swift.
  private static func escapedInJSON(_ text: String) -> String {
    let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
    return String(decoding: text.utf8.flatMap { $0 == quote || $0 == backslash ? [backslash, $0] : [$0] }, as: UTF8.self)
  }

  /// In one pass, ignoring the case of ASCII letters, which mail programs change.
  private static func replacing(_ names: [(String, String)], in line: ArraySlice<UInt8>) -> [UInt8] {
    let secrets = names.map { (text: Array($0.utf8.foldedASCII), name: $1) }.filter { !$0.text.isEmpty }
    var (rest, result) = (line, [UInt8]())
    while let byte = rest.first {
      if let secret = secrets.first(where: { rest.prefix($0.text.count).foldedASCII.elementsEqual($0.text) }) {
        result += Array(secret.name.utf8)
        rest = rest.dropFirst(secret.text.count)
      } else {
        result.append(byte)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}
