internal import AuthCore

extension TokenDigest {
  /// The key of the digest's session in the table `sessions`: the 64-bit FNV-1a hash of the digest's text
  /// (https://datatracker.ietf.org/doc/draft-eastlake-fnv). The first bits of the digest would do if every text were a digest.
  ///
  /// With two million sessions, the key of a new one is already taken once in 9 * 10^12 times. The session is then refused, and
  /// the next login has another id.
  var sessionKey: Int64 {
    var hex = hex
    // SAFETY: the text is read where it lies, while it is lent.
    return hex.withUTF8 { text in
      Int64(bitPattern: unsafe text.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
    }
  }
}

extension SQLiteConnection {
  /// Defines the SQL function `session_key(id)`, for sessions stored without their key.
  func defineSessionKey(noteCall: @escaping () -> Void = {}) throws(SQLiteError) {
    try defineFunction("session_key") {
      noteCall()
      return TokenDigest(hex: $0).sessionKey
    }
  }
}
