internal import NIOCore

extension ByteBuffer {
  /// Writes a JSON object of strings, and a line break for readers in a terminal.
  ///
  /// A `JSONEncoder` takes longer for one or two strings than the lookup of the session that they are about.
  mutating func writeJSON(_ members: KeyValuePairs<String, String>) {
    var before = "{\""
    for (name, value) in members {
      writeString(before)
      writeString(name)
      writeString("\":\"")
      writeEscaped(value)
      before = "\",\""
    }
    writeString(members.isEmpty ? "{}\n" : "\"}\n")
  }

  /// Writes the characters between the quotation marks of a JSON string (RFC 8259, section 7). It escapes those that must be
  /// escaped, as `JSONEncoder` does.
  private mutating func writeEscaped(_ text: String) {
    guard text.utf8.contains(where: Self.isEscaped) else {
      writeString(text)
      return
    }
    for byte in text.utf8 {
      if Self.isEscaped(byte) { writeString(Self.escape(byte)) } else { writeInteger(byte) }
    }
  }

  private static func isEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func escape(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "\""): #"\""#
    case UInt8(ascii: "\\"): #"\\"#
    case 0x08: #"\b"#
    case 0x09: #"\t"#
    case 0x0a: #"\n"#
    case 0x0c: #"\f"#
    case 0x0d: #"\r"#
    default: #"\u00"# + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
  }
}
