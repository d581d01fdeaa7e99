internal import FoundationEssentials

/// Reads one object of JSON from each line. Empty lines are skipped, and byte order marks where a line begins.
struct JSONLinesReader {
  private var source: ByteSource
  private var line = 0
  private let decoder = JSONDecoder()

  init(_ source: ByteSource) { self.source = source }

  /// The next row; nil after the last.
  mutating func next() throws -> NumberedRow? {
    var bytes: [UInt8] = []
    // One byte more than there may be.
    while try source.readLine(into: &bytes, upTo: ImportReader.maximumRowBytes + 1) {
      line += 1
      if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      guard !bytes.isEmpty else { continue }
      return NumberedRow(line: line, row: Result { () throws(BadRow) in try row(bytes) })
    }
    return nil
  }

  private func row(_ bytes: [UInt8]) throws(BadRow) -> ImportRow {
    guard bytes.count <= ImportReader.maximumRowBytes else {
      throw BadRow("the row has more than \(ImportReader.maximumRowBytes) bytes")
    }
    // The decoder looks only at the members that it is asked for, and takes other encodings, too.
    guard String(validating: bytes, as: UTF8.self) != nil else { throw BadRow("the row is not UTF-8") }
    do { return try decoder.decode(Members.self, from: Data(bytes)).row } catch let problem as BadRow { throw problem } catch {
      // The error may quote the row.
      throw BadRow("the row must be an object of JSON with the texts email and hash and, if need be, disabled, true or false")
    }
  }

  private struct Members: Decodable {
    let row: ImportRow

    init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: Name.self)
      var (email, hash, isDisabled): (String?, String?, Bool?)
      // In an order of their own, so that a row with several mistakes gets the same message each time.
      for name in members.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
        switch ImportColumn(name: name.stringValue) {
        case .email: email = try members.decode(String.self, forKey: name)
        case .hash:
          guard hash == nil else { throw BadRow("the row has more than one hash") }
          hash = try members.decode(String.self, forKey: name)
        case .disabled: isDisabled = try members.decodeIfPresent(Bool.self, forKey: name)
        case nil: throw BadRow("the row has a member that is not known; there are \(ImportColumn.names)")
        }
      }
      guard let email, let hash else { throw BadRow("the row must have the members email and hash") }
      row = ImportRow(email: email, hash: hash, isDisabled: isDisabled ?? false)
    }
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
