internal import AuthCore

extension TokenDigest {
  /// Where in the table `sessions` the digest's session is: FNV-1a, 64 bits, of its text
  /// (https://datatracker.ietf.org/doc/draft-eastlake-fnv). The digest's own first bits would do, were every text a digest.
  ///
  /// Among two million sessions a new one finds its key taken once in 9 * 10^12 times. It is refused then, and the next login has
  /// another id.
  var sessionKey: Int64 {
    var hex = hex
    // SAFETY: the text is read where it lies, while it is lent.
    return hex.withUTF8 { text in
      Int64(bitPattern: unsafe text.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
    }
  }
}
