internal import Glibc

/// The system's crypt(3). Loaded when the targets run, so that they need no header to build.
enum Libxcrypt {
  private typealias Text = UnsafePointer<CChar>
  private typealias Crypt = @convention(c) (Text, Text, UnsafeMutableRawPointer) -> UnsafeMutablePointer<CChar>?

  /// `sizeof(struct crypt_data)`, as crypt.h of libxcrypt and of glibc have it at most: glibc's was 131,232.
  private static let scratchBytes = 1 << 18

  private static let function: Crypt? = {
    guard let library = unsafe dlopen("libcrypt.so.1", RTLD_NOW), let symbol = unsafe dlsym(library, "crypt_r") else {
      return nil
    }
    // crypt_r's type is fixed by its manual page, crypt(3).
    return unsafe unsafeBitCast(symbol, to: Crypt.self)
  }()

  /// nil where there is no crypt(3), and for settings that it refuses.
  ///
  /// - Parameters: neither contains a NUL, at which crypt(3) would stop.
  static func hash(_ phrase: String, setting: String) -> String? {
    guard let crypt = unsafe function else { return nil }
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: scratchBytes, alignment: 16)
    unsafe scratch.initializeMemory(as: UInt8.self, repeating: 0, count: scratchBytes)
    defer { unsafe scratch.deallocate() }
    // SAFETY: both texts end with a NUL and live until the call returns; the scratch space is at least what crypt_r writes to.
    // The result lies in it and is copied.
    guard let hash = unsafe crypt(phrase, setting, scratch).map({ unsafe String(cString: $0) }), !hash.hasPrefix("*") else {
      return nil
    }
    return hash
  }
}
