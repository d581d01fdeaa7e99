@testable import AuthCore

/// How many random trials a test makes: few in unoptimised code and with ThreadSanitizer (`make sanitize`), where everything
/// takes ten times as long.
enum Trials {
  #if DEBUG || FEW_TRIALS
  static let turnsOfEachWidth = 40
  static let jobsOfEachEngine = 30
  #else
  static let turnsOfEachWidth = 500
  static let jobsOfEachEngine = 300
  #endif
}

extension BcryptJob {
  /// Computes the digest like a thread that has no other job.
  func digest() -> [UInt8] {
    var lanes = BcryptLanes<Void>(capacity: 1)
    lanes.join(BcryptComputation(self), for: ())
    while lanes.entries[0].computation.roundsLeft > 0 { _ = lanes.advance(atMost: 1 << 20) }
    return lanes.leave(0).computation.digest!
  }

  /// Computes the digest without the kernel.
  func digestByLibcrypto() -> [UInt8] {
    var slab = BlowfishSlab(lanes: 1)
    slab.begin(self, in: 0)
    slab.mixFirstByLibcrypto(rounds: roundsToDigest)
    return slab.digest(of: 0)
  }

  /// Computes the digest with the system's crypt(3).
  func digestByLibxcrypt() -> [UInt8]? {
    let hash = BcryptString(
      scheme: .plain(prefix: "2b"), cost: roundsToDigest.trailingZeroBitCount, salt: salt,
      digest: [UInt8](repeating: 0, count: BcryptString.digestBytes))
    // Without its terminating NUL.
    let password = unsafe key.withUnsafeBytes { unsafe Array($0.prefix { $0 != 0 }) }
    return Libxcrypt.hash(password, setting: hash.text).flatMap { BcryptString(parsing: PasswordHash($0))?.digest }
  }

  /// Makes a random job of one of the lowest costs, with or without added effort, and with a key of any length.
  static func random(by generator: inout SeededGenerator) -> BcryptJob {
    BcryptJob(
      key: generator.bytes(.random(in: 0...maximumKeyBytes, using: &generator), in: 1...255),
      salt: generator.bytes(BcryptString.saltBytes, in: 0...255),
      cost: [4, 4, 4, 4, 5, 6].randomElement(using: &generator)!,
      effort: [0, 0, 0, 5, 6].randomElement(using: &generator)!)
  }
}
