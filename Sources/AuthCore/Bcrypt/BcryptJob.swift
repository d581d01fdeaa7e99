/// What one bcrypt computation is made from: N. Provos, D. Mazières, "A Future-Adaptable Password Scheme", USENIX 1999, in
/// the form that OpenBSD calls `$2b$`.
struct BcryptJob: Sendable {
  /// The most bytes of a key that bcrypt can see; the rest of a longer one has no effect.
  static let maximumKeyBytes = 72

  private let cost: Int
  /// The cost that the work has in all, at least `cost`.
  private let effort: Int
  let salt: [UInt8]
  /// The key with the NUL that ends it, at most 72 bytes in all: a key of 72 bytes has no room for its NUL.
  let key: SecretBytes

  /// - Parameter effort: when it is greater than `cost`, work without effect is added up to this cost.
  /// - Precondition: `key` has at most 72 bytes, none of them NUL, and `salt` has 16: all else would be truncated.
  init(key: UnsafeRawBufferPointer, salt: [UInt8], cost: Int, effort: Int = 0) {
    // Not a precondition, which -Ounchecked takes for granted.
    guard key.count <= Self.maximumKeyBytes, unsafe !key.contains(0) else { fatalError("bcrypt would truncate this key") }
    guard salt.count == BcryptString.saltBytes else { fatalError("the random source gave no 16 bytes of salt") }
    precondition(
      BcryptString.costs.contains(cost) && effort <= BcryptString.costs.upperBound, "bcrypt has costs of 4 to 31")
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

  /// How often key and salt are mixed in until the digest can be taken.
  var roundsToDigest: Int { 1 << cost }

  /// How often they are mixed in altogether.
  var rounds: Int { 1 << effort }
}
