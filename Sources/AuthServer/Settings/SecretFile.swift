internal import SystemPackage

/// A file that holds one secret.
enum SecretFile {
  /// The limit in bytes: a longer file does not hold a secret.
  static let maximumBytes = 1024

  /// The contents of the file without one line break at its end. Its mode is not checked, because systemd, Docker and Kubernetes
  /// choose the modes of the files that they pass to a service.
  ///
  /// - Throws: ``Problem``.
  static func contents(of path: String) throws(Problem) -> [UInt8] {
    var contents: [UInt8]
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
      contents = try file.closeAfter { try read(file) }
    } catch {
      throw .unreadable("\(error)")
    }
    guard contents.count <= maximumBytes else { throw .tooLong }
    if contents.last == UInt8(ascii: "\n") {
      contents.removeLast()
      if contents.last == UInt8(ascii: "\r") { contents.removeLast() }
    }
    return contents
  }

  /// All of a file, or one byte more than it may have. A pipe is read in pieces.
  private static func read(_ file: FileDescriptor) throws -> [UInt8] {
    var contents: [UInt8] = []
    while contents.count <= maximumBytes {
      let piece = unsafe try [UInt8](unsafeUninitializedCapacity: maximumBytes + 1 - contents.count) { buffer, count in
        // SAFETY: at most the buffer's length is read, and only bytes that were read are counted.
        count = unsafe try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      guard !piece.isEmpty else { break }
      contents += piece
    }
    return contents
  }

  /// Why no secret could be read from a file, in words that follow its name.
  enum Problem: Error, Equatable, CustomStringConvertible {
    case unreadable(String)
    case tooLong

    var description: String {
      switch self {
      case .unreadable(let reason): "cannot be read: \(reason)"
      case .tooLong: "has more than \(maximumBytes) bytes"
      }
    }
  }
}
