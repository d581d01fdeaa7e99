internal import Synchronization

/// The name of a request in the log: 64 random bits of the process, and a number that counts up. It has the form of
/// Hummingbird's, whose text takes several times as long to make.
struct RequestID: Sendable, CustomStringConvertible {
  private static let process = UInt64.random(in: .min ... .max)
  private static let next = Atomic(UInt64.random(in: .min ... .max))

  private let number = Self.next.wrappingAdd(1, ordering: .relaxed).newValue

  /// 32 hexadecimal digits.
  var description: String {
    var digits: [UInt8] = []
    digits.reserveCapacity(32)
    Self.append(Self.process, to: &digits)
    Self.append(number, to: &digits)
    return String(decoding: digits, as: UTF8.self)
  }

  private static func append(_ number: UInt64, to digits: inout [UInt8]) {
    var shift = UInt64(64)
    while shift > 0 {
      shift -= 4
      let digit = UInt8(truncatingIfNeeded: number >> shift) & 15
      digits.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
    }
  }
}
