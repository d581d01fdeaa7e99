internal import AuthHTTP

/// Reads one object of JSON from each line. Empty lines are skipped, and byte order marks where a line begins.
struct JSONLinesReader {
  private var source: ByteSource
  private var line = 0

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
    guard String(validating: bytes, as: UTF8.self) != nil else { throw BadRow("the row is not UTF-8") }
    guard let members = JSONObject.members(of: bytes) else { throw BadRow("the row is not an object of JSON") }
    var values: [ImportColumn: JSONObject.Value] = [:]
    for (name, value) in members {
      guard let column = ImportColumn(name: String(decoding: name, as: UTF8.self)) else {
        throw BadRow("the row has a member that is not known; there are \(ImportColumn.names)")
      }
      guard values.updateValue(value, forKey: column) == nil else { throw BadRow("the row has more than one \(column)") }
    }
    return try ImportRow(email: text(.email, in: values), hash: text(.hash, in: values), isDisabled: isDisabled(values))
  }

  private func text(_ column: ImportColumn, in values: [ImportColumn: JSONObject.Value]) throws(BadRow) -> String {
    guard let text = values[column]?.text else { throw BadRow("the row must have the text \(column)") }
    return text
  }

  private func isDisabled(_ values: [ImportColumn: JSONObject.Value]) throws(BadRow) -> Bool {
    switch values[.disabled] {
    case nil, .null: false
    case .bool(let isDisabled): isDisabled
    case .text, .other: throw BadRow("disabled must be true or false")
    }
  }
}
