import AuthCore
import AuthDB
import BenchmarkSupport
import Foundation

/// A database with users 1, 2, … and two open sessions for each, 0, 1, …, whose ids follow from their numbers.
struct Population: Sendable {
  /// Everybody's.
  static let password = "Kk4DQuMMfZL9o"

  /// With the user's number, as `string.format` takes it.
  static let emailFormat = "user%d@example.org"
  /// With the session's number. A UUID, as the policy classic makes them.
  static let sessionFormat = sessionPrefix + "%012x"
  private static let sessionPrefix = "5e551000-0000-4000-8000-"

  let directory: URL
  let users: Int

  var file: URL { directory.appending(path: "auth.sqlite") }
  var sessions: Range<Int> { 0..<2 * users }

  static func sessionID(_ number: Int) -> SessionID {
    let digits = String(number, radix: 16)
    return SessionID(sessionPrefix + String(repeating: "0", count: 12 - digits.utf8.count) + digits)
  }

  /// Of the table `sessions`: the digest's FNV-1a.
  static func key(_ digest: String) -> Int64 {
    Int64(bitPattern: digest.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
  }

  /// The tables are the library's own, the rows plain SQL.
  static func make(users: Int, in directory: URL, hasher: BcryptHasher = BcryptHasher()) async throws -> Population {
    let population = Population(directory: directory, users: users)
    try await SQLiteStore(path: population.file.path(percentEncoded: false)).close()
    let hash = try await hasher.hash(Password(password))
    try population.fill(hashedPassword: hash)
    // Or the kernel does it while something is measured.
    sync()
    return population
  }

  private func fill(hashedPassword hash: PasswordHash) throws {
    let database = try SQLite(file)
    // Nothing of it need survive, and all of it fits into memory.
    try database.execute(
      "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000; BEGIN IMMEDIATE")
    let user = try database.prepare("INSERT INTO users (id, email, hashed_password, session_id) VALUES (?1, ?2, ?3, ?4)")
    let session = try database.prepare(
      """
      INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, authenticated_at, methods, ip_address, user_agent, key, number,
        user_email)
      VALUES (
        ?1, ?2, ?3, ?3, ?3 + 30 * 86400, ?3, 'pwd', '203.0.113.7', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0', ?4, ?5, ?6)
      """)
    let now = Int64(Date.now.timeIntervalSince1970)
    for id in 1...users {
      let digests = [2 * id - 2, 2 * id - 1].map { Self.sessionID($0).digest.hex }
      let email = "user\(id)@example.org"
      try user.run(.integer(Int64(id)), .text(email), .text(hash.text), .text(digests[1]))
      for (number, digest) in digests.enumerated() {
        try session.run(
          .text(digest), .integer(Int64(id)), .integer(now), .integer(Self.key(digest)), .integer(Int64(number)), .text(email))
      }
    }
    try database.execute("COMMIT; PRAGMA journal_mode = WAL")
  }

  /// The same in another directory. Nobody may have the file open.
  func copied(to directory: URL) throws -> Population {
    let copy = Population(directory: directory, users: users)
    try FileManager.default.copyItem(at: file, to: copy.file)
    return copy
  }
}
