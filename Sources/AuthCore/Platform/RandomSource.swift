/// A source of random bytes for session ids, reset tokens and salts.
public protocol RandomSource: Sendable {
  /// Makes exactly `count` unpredictable bytes.
  func bytes(_ count: Int) -> [UInt8]
}

/// The system's cryptographically secure random source: libcrypto's generator, seeded by the kernel.
public struct SystemRandom: RandomSource {
  /// Makes a source. All share one generator.
  public init() {}

  /// Makes exactly `count` unpredictable bytes. Traps if the generator fails, because nothing is safe without it.
  public func bytes(_ count: Int) -> [UInt8] { Libcrypto.randomBytes(count) }
}
