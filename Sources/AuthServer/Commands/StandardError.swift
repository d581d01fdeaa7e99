internal import SystemPackage

/// Standard error, for `print`.
struct StandardError: TextOutputStream {
  mutating func write(_ text: String) {
    // Like `print`, it has nowhere to say that it failed.
    _ = try? FileDescriptor.standardError.writeAll(Array(text.utf8))
  }
}
