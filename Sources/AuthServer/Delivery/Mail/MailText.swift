internal import AuthCore
internal import FoundationEssentials

/// How text is written in mail.
enum MailText {
  /// RFC 2045, 6.7: the limit on a line of quoted-printable, without its line break.
  static let maximumLineLength = 76
  /// RFC 2047, section 2: the limit on an encoded word.
  static let maximumEncodedWordLength = 75

  /// Quoted-printable (RFC 2045, 6.7), which people can read where it is ASCII. CR, LF and CRLF are line breaks; the last line
  /// ends with one. Lines end with LF, as a `sendmail` program takes them.
  ///
  /// A dot at the beginning of a line, and the `F` of `From `, are encoded: some programs take the first for the end of a
  /// message, and change the second.
  static func quotedPrintable(_ text: String) -> String {
    var result = ""
    for line in lines(of: text.utf8) {
      var length = 0
      for (index, byte) in zip(line.indices, line) {
        let isLast = index == line.endIndex - 1
        let piece = isSafe(byte, isLast: isLast, in: line, at: index, column: length) ? plain(byte) : encoded(byte)
        // One column is left for the `=` of a line that goes on.
        if length + piece.utf8.count > maximumLineLength - (isLast ? 0 : 1) {
          result += "=\n"
          length = 0
          // Now at the beginning of a line, where a dot is encoded.
          let first = isSafe(byte, isLast: isLast, in: line, at: index, column: 0) ? plain(byte) : encoded(byte)
          result += first
          length = first.utf8.count
        } else {
          result += piece
          length += piece.utf8.count
        }
      }
      result += "\n"
    }
    return result
  }

  /// The lines of a text that ends with a line break or not.
  private static func lines(of text: String.UTF8View) -> [[UInt8]] {
    var (lines, line, isAfterReturn): ([[UInt8]], [UInt8], Bool) = ([], [], false)
    for byte in text {
      switch byte {
      case UInt8(ascii: "\n") where isAfterReturn: isAfterReturn = false
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        lines.append(line)
        line = []
        isAfterReturn = byte == UInt8(ascii: "\r")
      default:
        line.append(byte)
        isAfterReturn = false
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  private static func isSafe(_ byte: UInt8, isLast: Bool, in line: [UInt8], at index: Int, column: Int) -> Bool {
    switch byte {
    case UInt8(ascii: "="): false
    // A space at the end of a line may be lost.
    case UInt8(ascii: " "), UInt8(ascii: "\t"): !isLast
    case UInt8(ascii: "."): column > 0
    case UInt8(ascii: "F"): column > 0 || !line[index...].starts(with: "From ".utf8)
    default: (0x21...0x7e).contains(byte)
    }
  }

  private static func plain(_ byte: UInt8) -> String { String(Unicode.Scalar(byte)) }

  private static func encoded(_ byte: UInt8) -> String {
    "=" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }

  /// A text in a header, such as a subject: as it is where it is short and in ASCII, otherwise in encoded words (RFC 2047), one
  /// on each line. What is not printable, above all a line break, becomes a space.
  static func unstructured(_ text: String) -> String {
    let text = oneLine(text)
    return isPlain(text) ? text : encodedWords(text)
  }

  /// The name before an address: a quoted string (RFC 5322, 3.2.4), or encoded words.
  static func phrase(_ text: String) -> String {
    let text = oneLine(text)
    guard isPlain(text) else { return encodedWords(text) }
    let escaped = text.utf8.flatMap { byte in
      byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? [UInt8(ascii: "\\"), byte] : [byte]
    }
    return "\"\(String(decoding: escaped, as: UTF8.self))\""
  }

  /// The text with a space in the place of each character that controls anything or ends a line.
  static func oneLine(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isPrintable ? $0 : " " }))
  }

  /// Short enough for one line with the name of the header, and not to be taken for an encoded word.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.count <= 60 && text.utf8.allSatisfy { (0x20...0x7e).contains($0) } && !text.utf8.hasEncodedWordMark
  }

  private static func encodedWords(_ text: String) -> String {
    let (beginning, end) = ("=?utf-8?B?", "?=")
    // Four characters for each three bytes; a word has whole characters only (RFC 2047, section 5).
    let room = (maximumEncodedWordLength - beginning.utf8.count - end.utf8.count) / 4 * 3
    var (words, word): ([String], [UInt8]) = ([], [])
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if word.count + bytes.count > room {
        words.append(Data(word).base64EncodedString())
        word = []
      }
      word += bytes
    }
    words.append(Data(word).base64EncodedString())
    return words.map { beginning + $0 + end }.joined(separator: "\n ")
  }

  /// RFC 5322, 3.3, in UTC.
  static func date(_ moment: Timestamp) -> String { DateHeader.format(moment.secondsSince1970).replacing("GMT", with: "+0000") }
}

extension String.UTF8View {
  fileprivate var hasEncodedWordMark: Bool {
    zip(self, dropFirst()).contains { $0 == UInt8(ascii: "=") && $1 == UInt8(ascii: "?") }
  }
}
