internal import AuthCore

extension Form {
  /// Decodes `application/x-www-form-urlencoded`: the WHATWG URL standard, section 5.1, except that bytes which are not UTF-8 are
  /// refused. The standard replaces them, which would make different passwords equal.
  static func decodeURLEncoded(_ body: [UInt8]) -> Values {
    var values = Values()
    for pair in body.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      values.addFirst(decoded(parts[0])) { _ in
        String(validating: decoded(parts.count > 1 ? parts[1] : []), as: UTF8.self)
      }
    }
    return values
  }

  /// A `+` is a space here.
  private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    text.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }.percentDecoded
  }
}
