import AuthCore
import AuthDB
import AuthTesting
import AuthCSQLite
import Foundation

/// How long tests wait for locks and turns: no test fails because the machine is busy.
let patience = Duration.seconds(3600)

/// A path in a directory of its own, which is deleted with this value.
final class TemporaryDatabase: StoreFixture {
  let directory: URL
  var path: String { directory.appending(path: "auth.sqlite").path }

  init() throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "auth-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: directory)
  }

  func open() async throws -> any AuthStore {
    try await SQLiteStore(path: path, busyTimeout: patience)
  }

  /// All bytes on disk, including the write-ahead log.
  func contents() throws -> Data {
    try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
      .reduce(into: Data()) { try $0.append(Data(contentsOf: $1)) }
  }
}

/// A connection to the file that does not use AuthDB, like that of another program.
@safe
final class ForeignConnection {
  private var handle: OpaquePointer?

  init(_ path: String) {
    // SAFETY: opened here, and closed only by the deinitialiser.
    unsafe precondition(sqlite3_open(path, &handle) == SQLITE_OK)
    // A store whose last reference is gone may still be closing the file on its thread.
    unsafe sqlite3_busy_timeout(handle, Int32(patience / .milliseconds(1)))
  }

  deinit {
    unsafe sqlite3_close_v2(handle)
  }

  /// The rows of one statement, each column as text or nil.
  @discardableResult
  func run(_ sql: String) -> [[String?]] {
    var statement: OpaquePointer?
    // SAFETY: the statement is finalized below; column pointers are copied before the next step.
    unsafe precondition(sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, sql)
    defer { unsafe sqlite3_finalize(statement) }
    var rows: [[String?]] = []
    while unsafe sqlite3_step(statement) == SQLITE_ROW {
      rows.append(
        (0..<(unsafe sqlite3_column_count(statement))).map { column in
          unsafe sqlite3_column_text(statement, column).map { unsafe String(cString: $0) }
        })
    }
    return rows
  }
}
