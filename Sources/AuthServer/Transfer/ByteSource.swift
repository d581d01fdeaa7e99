internal import SystemPackage

/// The bytes of a file, read a piece at a time.
struct ByteSource {
  /// Editors of other systems begin a file with it.
  static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

  private static let pieceSize = 65_536

  private let file: FileDescriptor
  private var piece: [UInt8] = []
  private var position = 0

  /// - Parameter path: the file; `-` for standard input.
  init(path: String) throws(CommandFailure) {
    guard path != "-" else {
      file = .standardInput
      return
    }
    do { file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) } catch {
      throw CommandFailure("\(path) cannot be read: \(error)")
    }
  }

  /// For tests.
  init(_ file: FileDescriptor) { self.file = file }

  /// The next byte, which stays where it is; nil at the end.
  mutating func peek() throws -> UInt8? {
    if position == piece.count { (piece, position) = (try readPiece(), 0) }
    return position < piece.count ? piece[position] : nil
  }

  /// Takes the next byte; nil at the end.
  mutating func next() throws -> UInt8? {
    let byte = try peek()
    if byte != nil { position += 1 }
    return byte
  }

  /// Takes these bytes if they come next.
  mutating func skip(_ bytes: [UInt8]) throws {
    // A pipe may give them one by one.
    while piece.count - position < bytes.count, case let next = try readPiece(), !next.isEmpty {
      (piece, position) = (piece[position...] + next, 0)
    }
    if piece[position...].starts(with: bytes) { position += bytes.count }
  }

  /// Takes the bytes up to the next line feed, which is dropped, and appends them to `line` as far as it has room.
  ///
  /// - Returns: whether there was a line.
  mutating func readLine(into line: inout [UInt8], upTo limit: Int) throws -> Bool {
    guard try peek() != nil else { return false }
    while try peek() != nil {
      let rest = piece[position...]
      let end = rest.firstIndex(of: UInt8(ascii: "\n"))
      line += rest[..<(end ?? rest.endIndex)].prefix(limit - line.count)
      position = end.map { $0 + 1 } ?? rest.endIndex
      if end != nil { break }
    }
    return true
  }

  /// Empty at the end.
  private func readPiece() throws -> [UInt8] {
    unsafe try [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { [file] buffer, count in
      // SAFETY: at most the buffer's length is read, and only bytes that were read are counted.
      count = unsafe try file.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
  }
}
