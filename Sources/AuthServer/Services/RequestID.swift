internal import Synchronization

/// The name of a request in the log: a number that counts up from a random one.
struct RequestID: Sendable, CustomStringConvertible {
  private static let digits = 15
  private static let next = Atomic(UInt64.random(in: .min ... .max))

  private let number = Self.next.wrappingAdd(1, ordering: .relaxed).newValue

  /// 15 hexadecimal digits: as many as a string holds without memory of its own.
  var description: String {
    // SAFETY: as many bytes are written as there are.
    unsafe String(unsafeUninitializedCapacity: Self.digits) { digits in
      var rest = number
      for index in (0..<Self.digits).reversed() {
        let digit = UInt8(truncatingIfNeeded: rest) & 15
        unsafe digits[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
        rest >>= 4
      }
      return Self.digits
    }
  }
}
