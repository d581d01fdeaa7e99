// Text from the network is compared as bytes. Swift's `==`, `hasPrefix`, `switch` and hashing compare strings by canonical equivalence, which
// for a letter with many thousand accents takes seconds, and calls texts equal that are not the same to anybody else.

extension BidirectionalCollection where Element == UInt8 {
  /// Whether these are the bytes of `text`, but for the case of ASCII letters.
  func equalsIgnoringCase(_ text: String) -> Bool {
    count == text.utf8.count && zip(self, text.utf8).allSatisfy { $0 == $1 || ($0 | 0x20 == $1 | 0x20 && isLetter($0)) }
  }

  /// Without the spaces and tabs around it that a header may have.
  func trimmingSpaces() -> SubSequence {
    var text = self[...]
    while text.first.map(isSpace) == true { text.removeFirst() }
    while text.last.map(isSpace) == true { text.removeLast() }
    return text
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
}
