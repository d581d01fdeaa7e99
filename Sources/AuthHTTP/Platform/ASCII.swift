// Text from the network is compared as bytes, for the reasons that are given at `hasSameBytes(as:)`. `hasPrefix`, `switch` and
// hashing have the same faults as `==`.

extension BidirectionalCollection where Element == UInt8 {
  /// Whether these are the bytes of `text`, apart from the case of ASCII letters.
  func equalsIgnoringCase(_ text: String) -> Bool {
    elementsEqual(text.utf8) { $0.lowercasedASCII == $1.lowercasedASCII }
  }

  /// The bytes without the spaces and tabs that a header may have around them.
  func trimmingSpaces() -> SubSequence {
    var text = self[...]
    while text.first.map(isSpace) == true { text.removeFirst() }
    while text.last.map(isSpace) == true { text.removeLast() }
    return text
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}

extension UInt8 {
  /// A letter of ASCII in lower case; any other byte as it is.
  var lowercasedASCII: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}
