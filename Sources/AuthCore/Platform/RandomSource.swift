/// Where an ``Auth`` gets the bytes of session ids and reset tokens.
public protocol RandomSource: Sendable {
  /// Exactly `count` bytes, which nobody can predict.
  func bytes(_ count: Int) -> [UInt8]
}

/// libcrypto's generator, seeded by the kernel.
public struct SystemRandom: RandomSource {
  public init() {}

  public func bytes(_ count: Int) -> [UInt8] { Libcrypto.randomBytes(count) }
}
