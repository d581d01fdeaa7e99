/// Parts of a field's value. They are compared as bytes, because Swift's comparison of text can take very long for text that an
/// attacker chose.
extension Substring.UTF8View {
  /// Without the white space around it, which is not part of a value (RFC 9110, 5.6.3). NIO removes it at the start only.
  var trimmed: Substring.UTF8View {
    var rest = self[...]
    while let first = rest.first, Self.isBlank(first) { rest.removeFirst() }
    while let last = rest.last, Self.isBlank(last) { rest.removeLast() }
    return rest
  }

  /// Compares without regard to ASCII letter case.
  ///
  /// - Parameter token: must be in lower case.
  func isEqual(_ token: String) -> Bool {
    guard count == token.utf8.count else { return false }
    return zip(self, token.utf8).allSatisfy { Self.lowercased($0) == $1 }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
