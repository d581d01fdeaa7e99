/// Two lower-case digits for each byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
  unsafe String(unsafeUninitializedCapacity: bytes.count * 2) { text in
    // SAFETY: two digits for each byte are what the buffer has room for.
    for (index, byte) in bytes.enumerated() {
      unsafe text[index * 2] = digit(byte >> 4)
      unsafe text[index * 2 + 1] = digit(byte & 15)
    }
    return bytes.count * 2
  }
}

/// The same as bytes, which unlike a `String` can be wiped.
func hexadecimalDigits(_ bytes: [UInt8]) -> [UInt8] {
  var text: [UInt8] = []
  // Growing would leave a copy behind.
  text.reserveCapacity(bytes.count * 2)
  for byte in bytes {
    text.append(digit(byte >> 4))
    text.append(digit(byte & 15))
  }
  return text
}

private func digit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
