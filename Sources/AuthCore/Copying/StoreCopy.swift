/// A database as it was at one moment. Its operations block.
package protocol StoreSource {
  /// Reads all rows of a table, some at a time, each with the values of ``StoreTable/columns``.
  func read(_ table: StoreTable, _ body: ([[StoreValue]]) throws -> Void) throws
  /// The last id that a user got, which may be one who was deleted.
  func lastUserID() throws -> Int64
}

/// A database in one transaction.
package protocol StoreTarget: StoreSource {
  func insert(_ rows: [[StoreValue]], into table: StoreTable) throws
  /// Makes later rows continue after the highest number.
  func continueNumbers(lastUserID: Int64) throws
}

/// A copy of all that one database holds in another, which may be of another kind.
package enum StoreCopy {
  /// What was copied.
  package struct Result: Sendable {
    /// The number of rows of each table.
    package let rows: [(table: StoreTable, count: Int)]
    /// Whether the target had all of them already.
    package let wasComplete: Bool
  }

  package enum Failure: Error, Equatable, CustomStringConvertible {
    case targetHasOtherRows(StoreTable)
    case differs(StoreTable)

    package var description: String {
      switch self {
      case .targetHasOtherRows(let table):
        "the target has rows already, in \(table.rawValue); name an empty database or schema, or a file that does not exist"
      case .differs(let table):
        "the rows of \(table.rawValue) are not the same in the copy, which was not kept; the source has values that the target "
          + "cannot hold"
      }
    }
  }

  /// Fills an empty target and compares all of it with the source. The caller commits the target's transaction, or rolls it back
  /// when this throws. A target that has the same rows already is left as it is.
  ///
  /// - Parameter progress: is told which table is being copied, and how many of its rows have been.
  package static func run(
    from source: some StoreSource, to target: some StoreTarget, progress: (StoreTable, Int) -> Void
  ) throws -> Result {
    let before = try StoreTable.allCases.map { try RowsDigest(of: $0, in: target) }
    if let filled = before.firstIndex(where: { $0.count > 0 }) {
      for (table, digest) in zip(StoreTable.allCases, before) where try RowsDigest(of: table, in: source) != digest {
        throw Failure.targetHasOtherRows(StoreTable.allCases[filled])
      }
      return Result(rows: Array(zip(StoreTable.allCases, before.map(\.count))), wasComplete: true)
    }
    let copied = try StoreTable.allCases.map { table in
      var digest = RowsDigest()
      try source.read(table) { rows in
        rows.forEach { digest.add($0) }
        try target.insert(rows, into: table)
        progress(table, digest.count)
      }
      return digest
    }
    try target.continueNumbers(lastUserID: source.lastUserID())
    for (table, digest) in zip(StoreTable.allCases, copied) where try RowsDigest(of: table, in: target) != digest {
      throw Failure.differs(table)
    }
    return Result(rows: Array(zip(StoreTable.allCases, copied.map(\.count))), wasComplete: false)
  }
}

/// The number of rows and the sum of their SHA-256 digests: the same for the same rows in any order.
struct RowsDigest: Equatable {
  private(set) var count = 0
  private var sum: [UInt64] = [0, 0, 0, 0]

  init() {}

  init(of table: StoreTable, in source: some StoreSource) throws {
    try source.read(table) { rows in rows.forEach { add($0) } }
  }

  mutating func add(_ row: [StoreValue]) {
    var bytes: [UInt8] = []
    for value in row {
      switch value {
      case .null:
        bytes.append(0)
      case .integer(let integer):
        bytes.append(1)
        unsafe withUnsafeBytes(of: integer) { unsafe bytes.append(contentsOf: $0) }
      case .text(let text):
        bytes.append(2)
        unsafe withUnsafeBytes(of: text.utf8.count) { unsafe bytes.append(contentsOf: $0) }
        bytes += text.utf8
      }
    }
    let digest = Libcrypto.sha256(bytes)
    for index in 0..<4 {
      sum[index] &+= digest[8 * index..<8 * index + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
    count += 1
  }
}
