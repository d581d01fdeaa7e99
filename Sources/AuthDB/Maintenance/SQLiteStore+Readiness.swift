package import AuthCore

extension SQLiteStore {
  /// How much room the disk must have: eight times what the write-ahead log usually takes.
  package static let minimumFreeBytes: Int64 = 32 << 20

  /// Checks that the store can be read and written: that its file is still the one that was opened, that it gives the write lock,
  /// and that the disk has room. It changes nothing.
  ///
  /// - Throws: ``StoreError/unavailable(_:)``, with the reason.
  package func checkReadiness(minimumFreeBytes: Int64 = minimumFreeBytes) async throws(StoreError) {
    _ = try await read { try $0.query(Self.anyUser) { _ in } }
    // On the writer's thread, because a disk that hangs keeps the caller who asks for its free space, too.
    try await write { [file = writer.file] connection in
      _ = try connection.query(Self.anyUser) { _ in }
      guard let free = file?.freeBytes, free < minimumFreeBytes else { return }
      throw StoreError.unavailable(
        "the disk has \(free >> 20) MiB left; the server needs \(minimumFreeBytes >> 20) MiB to be ready")
    }
  }

  private static let anyUser = "SELECT 1 FROM users LIMIT 1"
}
