internal import CLibcrypto

/// One bcrypt computation, ready to run: N. Provos, D. Mazières, "A Future-Adaptable Password Scheme", USENIX 1999, in the form
/// that OpenBSD calls `$2b$`.
struct BcryptJob: Sendable {
  /// The most bytes of a key that bcrypt can see; the rest of a longer one has no effect.
  static let maximumKeyBytes = 72

  private let cost: Int
  /// The cost that the work has in all, at least `cost`.
  private let effort: Int
  private let salt: [UInt8]
  /// The key with the NUL that ends it, at most 72 bytes in all: a key of 72 bytes has no room for its NUL.
  private let key: SecretBytes

  /// - Parameter effort: when it is greater than `cost`, work without effect is added up to this cost.
  /// - Precondition: `key` has at most 72 bytes, none of them NUL, and `salt` has 16: all else would be truncated.
  init(key: UnsafeRawBufferPointer, salt: [UInt8], cost: Int, effort: Int = 0) {
    // Not a precondition, which -Ounchecked takes for granted.
    guard key.count <= Self.maximumKeyBytes, unsafe !key.contains(0) else { fatalError("bcrypt would truncate this key") }
    precondition(
      salt.count == BcryptString.saltBytes && BcryptString.costs.contains(cost),
      "bcrypt has 16 bytes of salt and costs of 4 to 31")
    self.cost = cost
    self.effort = max(cost, effort)
    self.salt = salt
    self.key = unsafe SecretBytes(zeroed: min(key.count + 1, Self.maximumKeyBytes)) { unsafe $0.copyBytes(from: key) }
  }

  /// The same for a key that is no secret.
  init(key: [UInt8], salt: [UInt8], cost: Int, effort: Int = 0) {
    // SAFETY: the bytes are copied before the closure returns.
    unsafe self = key.withUnsafeBytes { unsafe BcryptJob(key: $0, salt: salt, cost: cost, effort: effort) }
  }

  /// How often key and salt are mixed in: 2^effort times, of which the first 2^cost make the digest. Each takes about 65 microseconds.
  var rounds: Int { 1 << effort }

  /// The 23 bytes of the digest.
  func digest() -> [UInt8] {
    var state = BF_KEY()
    defer { unsafe withUnsafeMutableBytes(of: &state) { unsafe Libcrypto.wipe($0) } }
    return unsafe withUnsafeMutablePointer(to: &state) { state in
      // SAFETY: BF_KEY is its P array followed by its S boxes, 1,042 words without padding, aligned for them.
      unsafe state.withMemoryRebound(to: UInt32.self, capacity: BlowfishState.words) { words in
        for (index, word) in BlowfishState.initial.enumerated() { unsafe words[index] = word }
      }
      var keyWords = unsafe key.withUnsafeBytes { unsafe Self.cyclicWords(of: $0) }
      defer { unsafe keyWords.withUnsafeMutableBytes { unsafe Libcrypto.wipe($0) } }
      let saltWords = Self.cyclicWords(of: salt)
      let noSalt = [UInt32](repeating: 0, count: 4)

      unsafe Self.expand(state, key: keyWords, salt: saltWords)
      var digest: [UInt8] = []
      for round in 1...rounds {
        unsafe Self.expand(state, key: keyWords, salt: noSalt)
        unsafe Self.expand(state, key: saltWords, salt: noSalt)
        if round == 1 << cost { digest = unsafe Self.encryptMagic(state) }
      }
      return digest
    }
  }

  /// The first 18 words of `bytes` repeated without end, big endian: what one pass over the P array uses of a key. The first
  /// four of them, for a salt of 16 bytes, are the salt.
  private static func cyclicWords(of bytes: some RandomAccessCollection<UInt8>) -> [UInt32] {
    (0..<BlowfishState.wordsInP).map { word in
      (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[bytes.index(bytes.startIndex, offsetBy: (word * 4 + $1) % bytes.count)]) }
    }
  }

  /// Mixes `key` into the P array, then replaces all words of the state, two at a time, by a chain of encryptions into which
  /// `salt` is mixed.
  private static func expand(_ state: UnsafeMutablePointer<BF_KEY>, key: [UInt32], salt: [UInt32]) {
    // SAFETY: as in `digest()`; every index below is less than `BlowfishState.words`, which is even.
    unsafe state.withMemoryRebound(to: UInt32.self, capacity: BlowfishState.words) { words in
      for index in 0..<BlowfishState.wordsInP { unsafe words[index] ^= key[index] }
      var block: (UInt32, UInt32) = (0, 0)
      for index in stride(from: 0, to: BlowfishState.words, by: 2) {
        block.0 ^= salt[index & 2]
        block.1 ^= salt[index & 2 | 1]
        // SAFETY: a tuple of two words is two words in a row.
        unsafe withUnsafeMutablePointer(to: &block) { block in
          unsafe block.withMemoryRebound(to: UInt32.self, capacity: 2) { unsafe BF_encrypt($0, state) }
        }
        unsafe words[index] = block.0
        unsafe words[index + 1] = block.1
      }
    }
  }

  /// Encrypts "OrpheanBeholderScryDoubt" 64 times and gives all but the last byte, as every bcrypt does.
  private static func encryptMagic(_ state: UnsafeMutablePointer<BF_KEY>) -> [UInt8] {
    var text = Array(cyclicWords(of: Array("OrpheanBeholderScryDoubt".utf8)).prefix(6))
    for block in stride(from: 0, to: text.count, by: 2) {
      for _ in 0..<64 {
        // SAFETY: two words from `block` on are inside the array.
        unsafe text.withUnsafeMutableBufferPointer { unsafe BF_encrypt($0.baseAddress! + block, state) }
      }
    }
    let bytes = text.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
    return Array(bytes.prefix(BcryptString.digestBytes))
  }
}
