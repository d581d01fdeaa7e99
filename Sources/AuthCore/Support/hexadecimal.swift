/// Two lower-case digits for each byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
  String(decoding: hexadecimalDigits(bytes), as: UTF8.self)
}

/// The same as bytes, which unlike a `String` can be wiped.
func hexadecimalDigits(_ bytes: [UInt8]) -> [UInt8] {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  // Growing would leave a copy behind.
  text.reserveCapacity(bytes.count * 2)
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return text
}
