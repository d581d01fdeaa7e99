import AuthCore
import AuthDB
import BenchmarkSupport
import CSQLite3

extension Bench {
  /// The library without a server: sessions looked up one after the other.
  func measureLookups(_ small: Population, _ report: inout Report) async throws {
    let store = try await SQLiteStore(path: small.file.path(percentEncoded: false))
    let auth = Auth(policy: .classic, store: store, hasher: BcryptHasher(threads: 1))
    let ids = (0..<plan.lookUps).map { _ in Population.sessionID(.random(in: small.sessions)) }
    let digests = ids.map(\.digest)
    let bare = try BareLookups(small)

    func compare<Key>(
      _ what: String, _ keys: [Key], atLeast bound: Double? = nil, _ isFound: (Key) async throws -> Bool
    ) async throws {
      let turns = try await Turns(plan.lookUpRepetitions) {
        try await perSecond(keys, isFound)
      } against: {
        try await perSecond(digests) { bare.find($0.hex) }
      }
      report.add(
        what, "\(Int(turns.subject { $0 }))/s", against: "libsqlite3 alone, given the digest", ratio: turns.ratio { $0 },
        atLeast: bound)
    }

    try await compare("getUserFromSessionID, the digest included", ids, atLeast: 0.70) {
      try await auth.getUserFromSessionID($0) != nil
    }
    try await compare("profile(for:), the digest included", ids) { try await auth.profile(for: $0) != nil }
    let live = Session.Cutoff(expiringAfter: SystemClock().now, usedAfter: .distantPast)
    try await compare("findSession, given the digest", digests, atLeast: 0.70) {
      try await store.findSession($0, in: live) != nil
    }
    await store.close()
  }
}

private func perSecond<Key>(_ keys: [Key], _ isFound: (Key) async throws -> Bool) async throws -> Double {
  let start = ContinuousClock.now
  for key in keys {
    guard try await isFound(key) else { throw CommandFailure(message: "a session was not found") }
  }
  return Double(keys.count) / ((ContinuousClock.now - start) / .seconds(1))
}

/// The store's statement for a session and its user, prepared once on one connection; its columns are read where SQLite has them.
private final class BareLookups {
  private let database: SQLite
  private let statement: Statement

  init(_ population: Population) throws {
    database = try SQLite(population.file)
    try database.execute("PRAGMA query_only = ON")
    statement = try database.prepare(
      """
      SELECT users.id, users.email, users.hashed_password, users.session_id, users.reset_token,
        sessions.user_id, sessions.created_at, sessions.last_used_at, sessions.expires_at,
        sessions.authenticated_at, sessions.methods, sessions.ip_address, sessions.user_agent
      FROM sessions JOIN users ON users.id = sessions.user_id
      WHERE sessions.key = ?1 AND sessions.id = ?2 AND sessions.expires_at > ?3 AND sessions.last_used_at > ?4
      """)
    sqlite3_bind_int64(statement.handle, 3, SystemClock().now.secondsSince1970)
    sqlite3_bind_int64(statement.handle, 4, .min)
  }

  func find(_ digest: String) -> Bool {
    let handle = statement.handle
    sqlite3_bind_int64(handle, 1, Population.key(digest))
    csqlite3_bind_text(handle, 2, digest, Int32(digest.utf8.count))
    defer { sqlite3_reset(handle) }
    guard sqlite3_step(handle) == SQLITE_ROW else { return false }
    var size: Int64 = 0
    for column: Int32 in [1, 2, 3, 4, 10, 11, 12] where sqlite3_column_text(handle, column) != nil {
      size += Int64(sqlite3_column_bytes(handle, column))
    }
    for column: Int32 in [0, 5, 6, 7, 8, 9] { size += sqlite3_column_int64(handle, column) }
    return size > 0
  }
}
