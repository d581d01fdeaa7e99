/// Bytes that are overwritten when the last reference to them is gone.
///
/// An `Array` could be copied behind our back and so could not be wiped reliably. The class is `@unchecked Sendable` because it
/// holds a pointer instead: only the initialiser writes the memory, only the deinitialiser wipes and frees it, and in between it
/// is only read.
@safe
final class SecretBytes: @unchecked Sendable {
  private let memory: UnsafeMutableRawBufferPointer

  /// Allocates `count` zero bytes, which `fill` may overwrite.
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
    // Without this, the last reference could be released, and the memory freed, while `body` runs.
    try withExtendedLifetime(self) { try unsafe body(UnsafeRawBufferPointer(memory)) }
  }
}
