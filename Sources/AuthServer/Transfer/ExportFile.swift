internal import Glibc
internal import SystemPackage

/// A file that appears under its name once it is complete, readable by its owner only; or standard output.
struct ExportFile {
  private let path: String
  private let partialPath: String
  private let file: FileDescriptor
  private var buffer: [UInt8] = []

  private static let bufferSize = 65_536

  /// - Parameter path: the file, in place of one that exists; `-` for standard output.
  init(path: String) throws(CommandFailure) {
    self.path = path
    partialPath = path + ".\(getpid()).partial"
    guard path != "-" else {
      file = .standardOutput
      return
    }
    do {
      file = try FileDescriptor.open(
        FilePath(partialPath), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
    } catch {
      throw CommandFailure("\(partialPath) cannot be created: \(error)")
    }
  }

  mutating func write(_ text: String) throws {
    buffer += text.utf8
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes what waits, syncs it, and gives the file its name.
  mutating func finish() throws {
    try flush()
    guard path != "-" else { return }
    guard fsync(file.rawValue) == 0 else { throw CommandFailure("\(path) cannot be written: \(Errno(rawValue: errno))") }
    try file.close()
    // SAFETY: both texts are valid until the call returns.
    guard unsafe rename(partialPath, path) == 0 else {
      throw CommandFailure("\(path) cannot be written: \(Errno(rawValue: errno))")
    }
  }

  /// Removes the incomplete file.
  func discard() {
    guard path != "-" else { return }
    // SAFETY: the text is valid until the call returns.
    unsafe unlink(partialPath)
  }

  private mutating func flush() throws {
    do { try file.writeAll(buffer) } catch { throw CommandFailure("\(path) cannot be written: \(error)") }
    buffer.removeAll(keepingCapacity: true)
  }
}
