internal import AuthCore

/// Reads accounts from a file, one at a time.
struct ImportReader {
  /// The limit in bytes of a row: far more than an email and a hash take up.
  static let maximumRowBytes = 65_536

  private enum Form {
    case csv(CSVReader, [ImportColumn])
    case jsonl(JSONLinesReader)
  }

  private var form: Form

  /// - Throws: ``CommandFailure``, when the file has no header that names the columns.
  init(_ source: ByteSource, _ format: TransferFormat) throws {
    switch format {
    case .jsonl: form = .jsonl(JSONLinesReader(source))
    case .csv:
      var reader = CSVReader(source)
      let columns = try Self.columns(of: &reader)
      form = .csv(reader, columns)
    }
  }

  /// The next row; nil after the last.
  mutating func next() throws -> NumberedRow? {
    switch form {
    case .jsonl(var reader):
      defer { form = .jsonl(reader) }
      return try reader.next()
    case .csv(var reader, let columns):
      defer { form = .csv(reader, columns) }
      guard let record = try reader.next() else { return nil }
      return NumberedRow(line: record.line, row: Result { () throws(BadRow) in try Self.row(record.fields.get(), columns) })
    }
  }

  private static func columns(of reader: inout CSVReader) throws -> [ImportColumn] {
    guard let header = try reader.next(), let names = try? header.fields.get() else {
      throw CommandFailure("the file has no header; its first line must name the columns \(ImportColumn.names)")
    }
    let columns = try names.map { name in
      // A mistyped `disabled` would enable everyone.
      guard let column = ImportColumn(name: name.lowercased()) else {
        throw CommandFailure("the column \(name.escapingUnprintable) is not known; there are \(ImportColumn.names)")
      }
      return column
    }
    guard Set(columns).count == columns.count, columns.contains(.email), columns.contains(.hash) else {
      throw CommandFailure("the header must have the columns email and hash, each once")
    }
    return columns
  }

  private static func row(_ fields: [String], _ columns: [ImportColumn]) throws(BadRow) -> ImportRow {
    guard fields.count == columns.count else {
      throw BadRow("the row has \(fields.count) fields; the header has \(columns.count)")
    }
    var row = ImportRow(email: "", hash: "")
    for (column, field) in zip(columns, fields) {
      switch column {
      case .email: row.email = field
      case .hash: row.hash = field
      case .disabled: row.isDisabled = try isTrue(field)
      }
    }
    return row
  }

  /// The texts that databases write for a truth value.
  private static func isTrue(_ text: String) throws(BadRow) -> Bool {
    switch text.lowercased() {
    case "true", "t", "1", "yes": true
    case "false", "f", "0", "no", "": false
    default: throw BadRow("disabled must be true or false")
    }
  }
}
