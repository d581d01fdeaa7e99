#if Postgres
internal import AuthCore

/// The 32 bytes of a digest, as the database keeps them.
struct DigestBytes: Sendable {
  /// In their order, each big-endian.
  let words: (UInt64, UInt64, UInt64, UInt64)

  /// Returns nil for a text other than 64 lower-case hexadecimal digits. Such a text is not a digest, so no row can match it.
  init?(_ digest: TokenDigest) {
    var (hex, words) = (digest.hex, InlineArray<4, UInt64>(repeating: 0))
    let isDigest = hex.withUTF8 { digits in
      guard digits.count == 64 else { return false }
      for index in 0..<64 {
        let digit = unsafe digits[index]
        let value: UInt8
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
        default: return false
        }
        words[index / 16] = words[index / 16] << 4 | UInt64(value)
      }
      return true
    }
    guard isDigest else { return nil }
    self.words = (words[0], words[1], words[2], words[3])
  }
}

extension TokenDigest {
  /// For operations that store the digest.
  ///
  /// - Throws: `StoreError.invalidRequest` if it is none.
  var storable: DigestBytes {
    get throws(StoreError) {
      guard let bytes = DigestBytes(self) else {
        throw StoreError.invalidRequest("a digest must be 64 hexadecimal digits in lower case")
      }
      return bytes
    }
  }
}
#endif
