extension Form {
  /// Decodes `application/x-www-form-urlencoded`: the WHATWG URL standard, section 5.1, except that bytes which are not UTF-8 are
  /// refused. The standard replaces them, which would make different passwords equal.
  static func decodeURLEncoded(_ body: [UInt8]) -> Values {
    var values = Values()
    for pair in body.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      values.addFirst(
        percentDecoded(parts[0]), String(validating: percentDecoded(parts.count > 1 ? parts[1] : []), as: UTF8.self))
    }
    return values
  }

  /// Decodes `+` and `%xx`. A `%` without two hexadecimal digits after it stands for itself.
  static func percentDecoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let high = hexadecimalValue(rest[rest.startIndex]), let low = hexadecimalValue(rest[rest.startIndex + 1])
      {
        bytes.append(high << 4 | low)
        rest.removeFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return bytes
  }

  private static func hexadecimalValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
