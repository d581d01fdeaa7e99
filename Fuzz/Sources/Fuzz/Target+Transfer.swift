@testable internal import AuthCore
internal import Foundation
internal import Glibc
internal import SystemPackage
@testable internal import Transfer

/// Files for `AuthServer import`.
extension Target {
  static let csv = Target(name: "CSV") { bytes in
    let records = bytes.csvRecords()
    require(isSame(bytes.csvRecords(pieces: 40), records), "a file in pieces has the same records")
    require(
      zip(records, records.dropFirst()).allSatisfy { $0.line < $1.line }, "each record begins on a line of its own")
    require(records.last?.line ?? 1 <= 1 + bytes.count { $0 == 0x0a || $0 == 0x0d }, "a record begins on a line of the file")

    let read = records.filter { (try? $0.fields.get()) != nil }
    let written = read.map { record in
      (try? record.fields.get())!.map(quoted).joined(separator: ",") + "\r\n"
    }.joined()
    let again = Array(written.utf8).csvRecords()
    require(isSame(again, read, withLines: false), "records that are written are read as they were")

    guard let rows = bytes.rows(.csv) else { return }
    require(rows.map(\.line) == records.dropFirst().map(\.line), "each record but the first is a row")
    for (row, record) in zip(rows, records.dropFirst()) {
      guard let row = try? row.row.get() else { continue }
      guard let fields = try? record.fields.get() else { fatalError("broken rule: a bad record is a bad row") }
      require([row.email, row.hash].allSatisfy { fields.containsBytes(of: $0) }, "what a row has is in its record")
    }
  }

  static let jsonLines = Target(name: "JSONLines") { bytes in
    guard let rows = bytes.rows(.jsonl) else { fatalError("broken rule: lines of JSON have no header") }
    require(isSame(bytes.rows(.jsonl, pieces: 40) ?? [], rows), "a file in pieces has the same rows")
    require(zip(rows, rows.dropFirst()).allSatisfy { $0.line < $1.line }, "each row is a line of its own")
    let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
    for row in rows {
      guard let accepted = try? row.row.get() else { continue }
      guard let object = try? JSONSerialization.jsonObject(with: Data(lines[row.line - 1])) as? [String: Any] else {
        fatalError("broken rule: what is taken for an object is one for Foundation too")
      }
      require(object.keys.allSatisfy { ImportColumn(name: $0) != nil }, "there are no members that are not known")
      let members: [String: Any] = ["email": accepted.email, "hash": accepted.hash, "disabled": accepted.isDisabled]
      guard let written = try? JSONSerialization.data(withJSONObject: members) else {
        fatalError("broken rule: a row has a form in JSON")
      }
      let again = Array(written).rows(.jsonl)?.first
      require((try? again?.row.get()).map { isSame($0, accepted) } == true, "a row that is written is read as it was")
    }
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }

  private static func isSame(_ one: [CSVReader.Record], _ other: [CSVReader.Record], withLines: Bool = true) -> Bool {
    one.count == other.count
      && zip(one, other).allSatisfy { one, other in
        guard !withLines || one.line == other.line else { return false }
        switch (one.fields, other.fields) {
        case (.success(let one), .success(let other)): return one.map { Array($0.utf8) } == other.map { Array($0.utf8) }
        case (.failure(let one), .failure(let other)): return one == other
        default: return false
        }
      }
  }

  private static func isSame(_ one: [NumberedRow], _ other: [NumberedRow]) -> Bool {
    one.count == other.count
      && zip(one, other).allSatisfy { one, other in
        guard one.line == other.line else { return false }
        switch (one.row, other.row) {
        case (.success(let one), .success(let other)): return isSame(one, other)
        case (.failure(let one), .failure(let other)): return one == other
        default: return false
        }
      }
  }

  private static func isSame(_ one: ImportRow, _ other: ImportRow) -> Bool {
    one.email.hasSameBytes(as: other.email) && one.hash.hasSameBytes(as: other.hash) && one.isDisabled == other.isDisabled
  }
}

extension [UInt8] {
  /// All records of a file, which is read in so many pieces.
  func csvRecords(pieces: Int = 1) -> [CSVReader.Record] {
    read(pieces: pieces) { source in
      var reader = CSVReader(source)
      var records: [CSVReader.Record] = []
      while let record = try reader.next() { records.append(record) }
      return records
    }
  }

  /// All rows of a file; nil if it has no header.
  func rows(_ format: TransferFormat, pieces: Int = 1) -> [NumberedRow]? {
    read(pieces: pieces) { source in
      guard var reader = try? ImportReader(source, format) else { return nil }
      var rows: [NumberedRow] = []
      while let row = try reader.next() { rows.append(row) }
      return rows
    }
  }

  private func read<Result>(pieces: Int, _ body: (ByteSource) throws -> Result) -> Result {
    var ends: [CInt] = [0, 0]
    // Each piece is a packet: one call reads it, and no more.
    guard unsafe socketpair(AF_UNIX, CInt(SOCK_SEQPACKET.rawValue), 0, &ends) == 0 else { fatalError("no socket") }
    defer { close(ends[0]) }
    let size = Swift.max(1, (count + pieces - 1) / pieces)
    for start in stride(from: 0, to: count, by: size) {
      let piece = Array(self[start..<Swift.min(count, start + size)])
      guard unsafe write(ends[1], piece, piece.count) == piece.count else { fatalError("the socket has no room") }
    }
    close(ends[1])
    do { return try body(ByteSource(FileDescriptor(rawValue: ends[0]))) } catch { fatalError("broken rule: every file is read") }
  }
}

extension [String] {
  fileprivate func containsBytes(of text: String) -> Bool { contains { $0.hasSameBytes(as: text) } }
}
