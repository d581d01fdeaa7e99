// The standard library has no public function that normalises a string.
internal import AuthCUTF8Proc

extension String {
  /// The text in Unicode's normalisation form C (UAX #15).
  func normalizedToNFC() -> String {
    guard !utf8.allSatisfy({ $0 < 0x80 }) else { return self }
    var scalars = decomposed()
    scalars.sortMarks()
    let length = unsafe scalars.withUnsafeMutableBufferPointer { buffer in
      // SAFETY: the function composes in place and returns how many scalars are left, which are never more.
      unsafe utf8proc_normalize_utf32(buffer.baseAddress, buffer.count, Self.nfc)
    }
    var text = String.UnicodeScalarView()
    // utf8proc was given scalars, and makes no others of them.
    for scalar in scalars.prefix(length) { text.append(Unicode.Scalar(UInt32(bitPattern: scalar))!) }
    return String(text)
  }

  private static let nfc = utf8proc_option_t(rawValue: UTF8PROC_STABLE.rawValue | UTF8PROC_COMPOSE.rawValue)

  /// The canonical decomposition of each scalar, one after the other.
  private func decomposed() -> [Int32] {
    var scalars: [Int32] = []
    // No canonical decomposition has more than four scalars.
    var buffer: [Int32] = [0, 0, 0, 0]
    var boundary: Int32 = 0
    for scalar in unicodeScalars {
      let length = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
        // SAFETY: at most the buffer's length is written.
        unsafe utf8proc_decompose_char(
          Int32(bitPattern: scalar.value), buffer.baseAddress, buffer.count, Self.nfc, &boundary)
      }
      scalars += buffer.prefix(length)
    }
    return scalars
  }
}

extension [Int32] {
  /// Puts combining marks in a row into the order of their classes, and leaves those of one class in theirs.
  ///
  /// utf8proc does this too, in time that grows with the square of their number: a client could ask for a tenth of a second.
  fileprivate mutating func sortMarks() {
    var start = 0
    while start < count {
      var end = start
      while end < count, Self.combiningClass(of: self[end]) != 0 { end += 1 }
      // The sort of the standard library is stable.
      if end - start > 1 { self[start..<end].sort { Self.combiningClass(of: $0) < Self.combiningClass(of: $1) } }
      start = end + 1
    }
  }

  private static func combiningClass(of scalar: Int32) -> Int16 {
    // SAFETY: there is a property for every number, in a table that lives as long as the process.
    unsafe utf8proc_get_property(scalar).pointee.combining_class
  }
}
