/// The input of one bcrypt computation.
///
/// The algorithm is that of N. Provos, D. Mazières, "A Future-Adaptable Password Scheme", USENIX 1999, in the version that
/// OpenBSD calls `$2b$`.
struct BcryptJob: Sendable {
  /// bcrypt ignores every byte of a key after this many.
  static let maximumKeyBytes = 72

  private let cost: Int
  /// The cost of all work, useful or not; at least `cost`.
  private let effort: Int
  let salt: [UInt8]
  /// The key and its terminating NUL. A key of 72 bytes has no NUL: there is no room for it.
  let key: SecretBytes

  /// - Parameter effort: if greater than `cost`, rounds without effect on the digest bring the work up to that of this cost.
  /// - Precondition: `key` has at most 72 bytes, none of them NUL, and `salt` has 16: bcrypt would truncate anything longer.
  init(key: UnsafeRawBufferPointer, salt: [UInt8], cost: Int, effort: Int = 0) {
    // Not preconditions: -Ounchecked assumes that those hold.
    guard key.count <= Self.maximumKeyBytes, unsafe !key.contains(0) else { fatalError("bcrypt would truncate this key") }
    guard salt.count == BcryptString.saltBytes else {
      fatalError("the salt has \(salt.count) bytes; bcrypt needs \(BcryptString.saltBytes)")
    }
    precondition(
      BcryptString.costs.contains(cost) && effort <= BcryptString.costs.upperBound, "bcrypt has costs of 4 to 31")
    self.cost = cost
    self.effort = max(cost, effort)
    self.salt = salt
    self.key = unsafe SecretBytes(zeroed: min(key.count + 1, Self.maximumKeyBytes)) { unsafe $0.copyBytes(from: key) }
  }

  /// Copies a key that need not be kept secret.
  init(key: [UInt8], salt: [UInt8], cost: Int, effort: Int = 0) {
    // SAFETY: the bytes are copied before the closure returns.
    unsafe self = key.withUnsafeBytes { unsafe BcryptJob(key: $0, salt: salt, cost: cost, effort: effort) }
  }

  /// The number of rounds after which the digest can be taken.
  var roundsToDigest: Int { 1 << cost }

  /// The number of all rounds, those without effect included.
  var rounds: Int { 1 << effort }
}
