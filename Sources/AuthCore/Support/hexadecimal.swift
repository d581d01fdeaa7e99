/// Two lower-case digits for each byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
  String(decoding: hexadecimalDigits(bytes), as: UTF8.self)
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
