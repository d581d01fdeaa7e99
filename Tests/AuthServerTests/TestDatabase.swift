import Foundation
import TestPrograms

/// The databases on which the service has to do the same.
enum TestDatabase: String, CaseIterable, Sendable {
  case sqlite
  #if Postgres
  case postgres
  #endif

  /// The server's options for a database of its own that goes with the directory.
  func arguments(for directory: TemporaryDirectory) async throws -> [String] {
    switch self {
    case .sqlite: ["--database", directory.database]
    #if Postgres
    case .postgres: ["--database", try await PostgresServer.shared.value.url, "--postgres-schema", directory.name]
    #endif
    }
  }

  /// Runs a statement on the database that goes with the directory, and gives the first column of the first row, or nothing.
  func run(_ statement: String, in directory: TemporaryDirectory) async throws -> String {
    switch self {
    case .sqlite: try Python.sqlite(directory.database, statement)
    #if Postgres
    case .postgres:
      try await PostgresServer.shared.value.run("SET search_path = \"\(directory.name)\"; \(statement)")
        .trimmingCharacters(in: .newlines)
    #endif
    }
  }
}
