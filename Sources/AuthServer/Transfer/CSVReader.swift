/// Reads records of RFC 4180. Lines may also end with a line feed or a carriage return alone, and a byte order mark is skipped.
struct CSVReader {
  struct Record {
    /// The line on which it begins, counted from 1.
    let line: Int
    let fields: Result<[String], BadRow>
  }

  private static let (quote, comma, lineFeed, carriageReturn) = (
    UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r")
  )

  private var source: ByteSource
  private var line = 1
  private var hasBegun = false

  init(_ source: ByteSource) { self.source = source }

  /// The next record; nil after the last. Empty lines are skipped.
  mutating func next() throws -> Record? {
    if !hasBegun { try source.skip(ByteSource.byteOrderMark) }
    hasBegun = true
    while let byte = try source.peek(), byte == Self.lineFeed || byte == Self.carriageReturn { try skipLineBreak() }
    guard try source.peek() != nil else { return nil }
    let first = line
    var fields: [String] = []
    var bytes = 0
    while true {
      let field: [UInt8]
      do { field = try readField() } catch let problem as BadRow {
        try skipRestOfLine()
        return Record(line: first, fields: .failure(problem))
      }
      bytes += field.count
      guard bytes <= ImportReader.maximumRowBytes else {
        try skipRestOfLine()
        return Record(line: first, fields: .failure(Self.tooLong))
      }
      guard let text = String(validating: field, as: UTF8.self) else {
        try skipRestOfLine()
        return Record(line: first, fields: .failure(BadRow("the row is not UTF-8")))
      }
      fields.append(text)
      guard try source.peek() == Self.comma else { break }
      _ = try source.next()
    }
    try skipLineBreak()
    return Record(line: first, fields: .success(fields))
  }

  private static let tooLong = BadRow("the row has more than \(ImportReader.maximumRowBytes) bytes")

  /// Reads up to the comma or line break after the field.
  private mutating func readField() throws -> [UInt8] {
    var field: [UInt8] = []
    guard try source.peek() == Self.quote else {
      while let byte = try source.peek(), byte != Self.comma, byte != Self.lineFeed, byte != Self.carriageReturn {
        guard byte != Self.quote else { throw BadRow("a field that contains a quotation mark must be in quotation marks") }
        try append(byte, to: &field)
      }
      return field
    }
    _ = try source.next()
    while let byte = try source.peek() {
      try append(byte, to: &field)
      guard byte == Self.quote else {
        // Of the two bytes of one line break, the second counts.
        if byte == Self.lineFeed || byte == Self.carriageReturn, try byte == Self.lineFeed || source.peek() != Self.lineFeed {
          line += 1
        }
        continue
      }
      // Two stand for one.
      guard try source.peek() == Self.quote else {
        field.removeLast()
        guard [nil, Self.comma, Self.lineFeed, Self.carriageReturn].contains(try source.peek()) else {
          throw BadRow("after the quotation mark that closes a field there must be a comma or the end of the line")
        }
        return field
      }
      _ = try source.next()
    }
    throw BadRow("a quotation mark is not closed")
  }

  /// Takes the next byte, which is this one.
  private mutating func append(_ byte: UInt8, to field: inout [UInt8]) throws {
    guard field.count < ImportReader.maximumRowBytes else { throw Self.tooLong }
    field.append(byte)
    _ = try source.next()
  }

  private mutating func skipLineBreak() throws {
    guard let first = try source.peek(), first == Self.lineFeed || first == Self.carriageReturn else { return }
    _ = try source.next()
    line += 1
    if first == Self.carriageReturn, try source.peek() == Self.lineFeed { _ = try source.next() }
  }

  private mutating func skipRestOfLine() throws {
    while let byte = try source.peek(), byte != Self.lineFeed, byte != Self.carriageReturn { _ = try source.next() }
    try skipLineBreak()
  }
}
