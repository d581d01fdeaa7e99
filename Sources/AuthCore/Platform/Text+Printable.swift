extension StringProtocol {
  /// The text with every scalar that is not printable as `\u{a}`: a line break in a value would begin a line of its own in a log.
  package var escapingUnprintable: String {
    if utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return String(self) }
    return unicodeScalars.map { scalar in
      scalar.isPrintable ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
    }.joined()
  }
}

extension Unicode.Scalar {
  /// Whether the scalar neither controls a terminal nor changes the layout of the text around it.
  package var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}
