public import AuthCore

extension SQLiteUserRepository {
  public func addUser(email: Email, hashedPassword: PasswordHash) async throws(RepositoryError) -> User {
    try await write { connection in
      let ids = try connection.query(
        "INSERT INTO users (email, hashed_password) VALUES (?1, ?2) RETURNING id",
        [.text(email.text), .text(hashedPassword.text)]
      ) { $0.integer(0) }
      return User(id: ids[0], email: email, hashedPassword: hashedPassword)
    }
  }

  public func findUser(by filters: [UserFilter]) async throws(RepositoryError) -> User {
    let conditions = filters.map(\.sql)
    let user = try await read { connection in
      let condition = conditions.isEmpty ? "" : "WHERE " + conditions.map(\.condition).joined(separator: " AND ")
      return try connection.query(
        "SELECT \(User.columns) FROM users \(condition) ORDER BY id LIMIT 1", conditions.map(\.value), row: User.init(row:)
      ).first
    }
    guard let user else { throw .noResultFound }
    return user
  }

  public func updateUser(_ id: User.ID, _ changes: [UserChange]) async throws(RepositoryError) {
    try await write { connection in
      try connection.transaction {
        guard try !connection.query("SELECT id FROM users WHERE id = ?1", [.integer(id)], row: { _ in }).isEmpty else {
          throw RepositoryError.noResultFound
        }
        for change in changes {
          switch change {
          case .email(let email):
            try connection.run("UPDATE users SET email = ?2 WHERE id = ?1", [.integer(id), .text(email.text)])
          case .hashedPassword(let hash):
            try connection.run("UPDATE users SET hashed_password = ?2 WHERE id = ?1", [.integer(id), .text(hash.text)])
          case .endSessions:
            try connection.endSessions(of: id)
          case .revokeResetToken:
            try connection.revokeResetToken(of: id)
          }
        }
      }
    }
  }

  public func replaceHashedPassword(
    of id: User.ID, _ expected: PasswordHash, with hash: PasswordHash
  ) async throws(RepositoryError) -> Bool {
    try await write { connection in
      try connection.run(
        "UPDATE users SET hashed_password = ?3 WHERE id = ?1 AND hashed_password = ?2",
        [.integer(id), .text(expected.text), .text(hash.text)]) == 1
    }
  }
}

extension User {
  /// What ``init(row:)`` reads, in this order.
  static let columns = "users.id, users.email, users.hashed_password, users.session_id, users.reset_token"

  /// The user in the first five columns of a row.
  init(row: SQLiteStatement) {
    self.init(
      id: row.integer(0),
      email: Email(stored: row.text(1) ?? ""),
      hashedPassword: PasswordHash(row.text(2) ?? ""),
      sessionID: row.text(3).map(TokenDigest.init(hex:)),
      resetToken: row.text(4).map(TokenDigest.init(hex:)))
  }
}

extension UserFilter {
  /// A condition with one parameter, and its value. `IS` is `=` that also finds null.
  fileprivate var sql: (condition: String, value: SQLiteValue) {
    switch self {
    case .id(let id): ("id = ?", .integer(id))
    case .email(let email): ("email = ? COLLATE NOCASE", .text(email.text))
    case .hashedPassword(let hash): ("hashed_password = ?", .text(hash.text))
    case .sessionID(let digest): ("session_id IS ?", digest.map { .text($0.hex) } ?? .null)
    case .resetToken(let digest): ("reset_token IS ?", digest.map { .text($0.hex) } ?? .null)
    }
  }
}
