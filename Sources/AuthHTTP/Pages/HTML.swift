/// A piece of a page. Only literals in the source are markup; text that is put into one is escaped:
///
///     let greeting: HTML = "<p>Hello, \(name)</p>"
///
/// A `String` cannot become markup, because the pieces of a literal are `StaticString`. Put text between elements or into
/// attributes in double quotation marks, and nowhere else.
package struct HTML: Sendable, Equatable, ExpressibleByStringInterpolation {
  /// The markup.
  package private(set) var source: String

  private init(source: String) { self.source = source }

  package init(stringLiteral markup: StaticString) { source = "\(markup)" }

  package init(stringInterpolation: StringInterpolation) { source = stringInterpolation.source }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var source = ""

    package init(literalCapacity: Int, interpolationCount: Int) { source.reserveCapacity(literalCapacity) }

    package mutating func appendLiteral(_ markup: StaticString) { source += "\(markup)" }

    package mutating func appendInterpolation(_ text: String) { source += HTML.escaped(text) }

    package mutating func appendInterpolation(_ html: HTML) { source += html.source }

    /// Nothing in place of nil.
    package mutating func appendInterpolation(_ html: HTML?) { source += html?.source ?? "" }

    /// Each on a line of its own.
    package mutating func appendInterpolation(_ pieces: [HTML]) { source += pieces.map(\.source).joined(separator: "\n") }
  }

  /// The text, which means nothing but itself between elements and in attributes with either quotation marks.
  ///
  /// U+0000 becomes U+FFFD, as which browsers read it between elements, where no character stands for it (HTML Living Standard,
  /// 13.2.5.1). Byte by byte: to Swift, a `<` with a combining mark is another character.
  package static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { escape($0) != nil }) else { return text }
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if let escape = escape(byte) { bytes += Array(escape.utf8) } else { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func escape(_ byte: UInt8) -> String? {
    switch byte {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    case 0: "\u{fffd}"
    default: nil
    }
  }
}
