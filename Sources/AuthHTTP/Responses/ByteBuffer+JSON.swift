internal import NIOCore

/// A member of a JSON object.
typealias JSONMember = (key: String, value: any JSONWritable)

/// A value that a response has.
protocol JSONWritable: Sendable {
  func writeJSON(to buffer: inout ByteBuffer)
}

extension ByteBuffer {
  /// Writes a JSON object, and a line break for readers in a terminal.
  ///
  /// A `JSONEncoder` takes longer for one or two strings than the lookup of the session that they are about.
  mutating func writeJSON(_ members: some Sequence<JSONMember>) {
    writeInteger(UInt8(ascii: "{"))
    var before = "\""
    for (name, value) in members {
      writeString(before)
      writeString(name)
      writeString("\":")
      value.writeJSON(to: &self)
      before = ",\""
    }
    writeString("}\n")
  }

  /// Writes a JSON value, and a line break.
  mutating func writeJSON(_ value: JSON) {
    value.writeJSON(to: &self)
    writeString("\n")
  }

  /// Writes the characters between the quotation marks of a JSON string (RFC 8259, section 7). It escapes those that must be
  /// escaped, as `JSONEncoder` does.
  fileprivate mutating func writeEscaped(_ text: String) {
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

extension String: JSONWritable {
  func writeJSON(to buffer: inout ByteBuffer) {
    buffer.writeInteger(UInt8(ascii: "\""))
    buffer.writeEscaped(self)
    buffer.writeInteger(UInt8(ascii: "\""))
  }
}

extension Int64: JSONWritable {
  func writeJSON(to buffer: inout ByteBuffer) { buffer.writeString(description) }
}

extension Bool: JSONWritable {
  func writeJSON(to buffer: inout ByteBuffer) { buffer.writeString(description) }
}

extension [String]: JSONWritable {
  func writeJSON(to buffer: inout ByteBuffer) {
    buffer.writeInteger(UInt8(ascii: "["))
    for (index, text) in enumerated() {
      if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
      text.writeJSON(to: &buffer)
    }
    buffer.writeInteger(UInt8(ascii: "]"))
  }
}
