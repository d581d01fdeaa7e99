/// Bytes that are overwritten when the last reference to them goes, and never printed.
///
/// `@unchecked Sendable`, because an `Array`, which needs no such promise, may be copied and cannot be wiped for sure: the memory is
/// filled by the initialiser alone, only read while there are references, and wiped and freed by the deinitialiser alone.
@safe
final class SecretBytes: @unchecked Sendable {
  private let memory: UnsafeMutableRawBufferPointer

  /// `count` bytes that are zero but where `fill` writes others.
  init(zeroed count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
    unsafe memory = .allocate(byteCount: count, alignment: 1)
    // SAFETY: the allocation has exactly these bytes.
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
    unsafe fill(memory)
  }

  convenience init(_ bytes: some Collection<UInt8>) {
    unsafe self.init(zeroed: bytes.count) { unsafe $0.copyBytes(from: bytes) }
  }

  deinit {
    unsafe Libcrypto.wipe(memory)
    unsafe memory.deallocate()
  }

  var count: Int { unsafe memory.count }

  /// The buffer is valid only until `body` returns.
  func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    // Or the last reference could go, and the memory with it, while `body` runs.
    try withExtendedLifetime(self) { try unsafe body(UnsafeRawBufferPointer(memory)) }
  }
}
