internal import ArgumentParser
internal import AuthCore
internal import AuthDB
#if Postgres
internal import AuthPostgres
#endif

/// A copy from one database to another. Like ``OpenedStore``, this knows which databases they are.
extension StoreLocation {
  /// Fills a database with everything that this one holds.
  func copy(to target: StoreLocation) async throws -> OutputRecord {
    let copied = try await onThread { try reading { try target.fill(from: $0) } }
    var record = OutputRecord()
    record.add("was_complete", .flag(copied.wasComplete))
    for (table, count) in copied.rows { record.add(table.rawValue, count) }
    return record
  }

  private func reading(_ body: (any StoreSource) throws -> StoreCopy.Result) throws -> StoreCopy.Result {
    switch self {
    case .file, .memory:
      return try SQLiteRows.reading(path) { try body($0) }
    case .postgres(let location):
      #if Postgres
      return try PostgresRows.reading(location.configuration) { try body($0) }
      #else
      throw location.isMissing
      #endif
    }
  }

  private func fill(from source: any StoreSource) throws -> StoreCopy.Result {
    switch self {
    case .file, .memory:
      return try SQLiteRows.filling(path) { try Self.copy(source, to: $0) }
    case .postgres(let location):
      #if Postgres
      return try PostgresRows.filling(location.configuration) { try Self.copy(source, to: $0) }
      #else
      throw location.isMissing
      #endif
    }
  }

  private static func copy(_ source: any StoreSource, to target: some StoreTarget) throws -> StoreCopy.Result {
    var progress = Progress()
    defer { progress.end() }
    return try StoreCopy.run(from: source, to: target) { table, count in progress.show("\(table.rawValue): \(count)") }
  }
}
