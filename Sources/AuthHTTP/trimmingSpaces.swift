extension StringProtocol {
  /// Without the spaces and tabs around it that a header may have.
  func trimmingSpaces() -> String {
    let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    var text = Substring(self).utf8
    while text.first.map(isSpace) == true { text.removeFirst() }
    while text.last.map(isSpace) == true { text.removeLast() }
    return String(Substring(text))
  }
}
