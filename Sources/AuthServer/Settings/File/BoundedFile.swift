internal import SystemPackage

/// A file that is read as a whole, up to a limit.
enum BoundedFile {
  /// All bytes of a file. A pipe is read in pieces, and a device without end is not read to its end.
  ///
  /// - Throws: ``Problem``.
  static func contents(of path: String, maximumBytes: Int) throws(Problem) -> [UInt8] {
    let contents: [UInt8]
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
      contents = try file.closeAfter { try read(file, upTo: maximumBytes + 1) }
    } catch {
      throw .unreadable("\(error)")
    }
    guard contents.count <= maximumBytes else { throw .tooLong(maximumBytes: maximumBytes) }
    return contents
  }

  private static func read(_ file: FileDescriptor, upTo count: Int) throws -> [UInt8] {
    var contents: [UInt8] = []
    while contents.count < count {
      let piece = unsafe try [UInt8](unsafeUninitializedCapacity: count - contents.count) { buffer, count in
        // SAFETY: at most the buffer's length is read, and only bytes that were read are counted.
        count = unsafe try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      guard !piece.isEmpty else { break }
      contents += piece
    }
    return contents
  }

  /// Why a file was not read, in words that follow its name.
  enum Problem: Error, Equatable, CustomStringConvertible {
    case unreadable(String)
    case tooLong(maximumBytes: Int)

    var description: String {
      switch self {
      case .unreadable(let reason): "cannot be read: \(reason)"
      case .tooLong(let maximumBytes): "has more than \(maximumBytes) bytes"
      }
    }
  }
}
