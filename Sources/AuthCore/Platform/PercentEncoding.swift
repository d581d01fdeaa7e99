// RFC 3986, 2.1.

extension String {
  /// The text's UTF-8 with every byte that is not kept as `%` and two digits. By default only the unreserved characters (section
  /// 2.3) are kept: then no character is left that means something in a URL, in HTML or in a shell.
  package func percentEncoded(keeping isKept: (UInt8) -> Bool = \.isUnreserved) -> String {
    var encoded: [UInt8] = []
    for byte in utf8 {
      encoded += isKept(byte) ? [byte] : [UInt8(ascii: "%"), Self.digit(byte >> 4), Self.digit(byte & 15)]
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
  }
}

// Not for every collection: a generic function is slow where another module calls it.
extension [UInt8] {
  /// The bytes with those that are percent-encoded as they were. A `%` without two digits after it stands for itself.
  package var percentDecoded: [UInt8] {
    guard contains(UInt8(ascii: "%")) else { return self }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    var index = 0
    while index < count {
      if self[index] == UInt8(ascii: "%"), index + 2 < count, let high = self[index + 1].hexadecimalValue,
        let low = self[index + 2].hexadecimalValue
      {
        bytes.append(high << 4 | low)
        index += 3
      } else {
        bytes.append(self[index])
        index += 1
      }
    }
    return bytes
  }
}

extension UInt8 {
  package var isASCIILetterOrDigit: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
  }

  package var isUnreserved: Bool {
    isASCIILetterOrDigit || "-._~".utf8.contains(self)
  }

  fileprivate var hexadecimalValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
