/// The text's UTF-8 with everything but RFC 3986's unreserved characters (section 2.3) as `%` and two digits.
///
/// Whatever the text is, it has no character left that means something in a URL, in HTML or in a shell.
func percentEncoded(_ text: String) -> String {
  let digits = Array("0123456789ABCDEF".unicodeScalars)
  var encoded = String.UnicodeScalarView()
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
      encoded.append(Unicode.Scalar(byte))
    default:
      encoded.append(contentsOf: ["%", digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }
  }
  return String(encoded)
}
