import Foundation

/// Vigna's generator, <https://prng.di.unimi.it/splitmix64.c>: the same numbers for the same seed, everywhere.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A whole number around 0, distributed normally (Box and Muller, 1958).
  mutating func normal(deviation: Double) -> Int64 {
    let (radius, angle) = (Double.random(in: .leastNonzeroMagnitude..<1, using: &self), Double.random(in: 0..<1, using: &self))
    return Int64(deviation * (-2 * log(radius)).squareRoot() * cos(2 * .pi * angle))
  }
}
