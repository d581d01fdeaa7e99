public import AuthCore

extension SQLiteStore {
  /// Saves a user: ``AuthCore/AccountStore/addUser(email:hashedPassword:)``.
  public func addUser(email: Email, hashedPassword: PasswordHash) async throws(StoreError) -> User {
    try await write { connection in try connection.addUser(email, hashedPassword) }
  }

  /// Finds a user: ``AuthCore/AccountStore/findUser(by:)``.
  public func findUser(by filters: [User.Filter]) async throws(StoreError) -> User {
    let conditions = filters.isEmpty ? "" : "WHERE " + filters.map(\.sql).joined(separator: " AND ")
    let find: @Sendable (SQLiteConnection) throws -> User? = { connection in
      try connection.query(
        "SELECT \(User.columns) FROM users \(conditions) ORDER BY id LIMIT 1", filters.compactMap(\.value), row: { $0.user() }
      ).first
    }
    // A search of the whole table takes too long for the caller's thread.
    guard let user = try await filters.contains(where: \.isKey) ? read(find) : readOnWriter(find) else { throw .noResultFound }
    return user
  }

  /// Finds a user and counters: ``AuthCore/AccountStore/findUser(email:counters:)``.
  public func findUser(
    email: Email?, counters keys: [Throttle.Key]
  ) async throws(StoreError) -> (user: User?, isDisabled: Bool, unverifiedUntil: Timestamp?, counters: [Throttle.Counter]) {
    guard email != nil || !keys.isEmpty else { return (nil, false, nil, []) }
    return try await read { connection in
      let found = try email.flatMap { try connection.userAndState(with: $0) }
      return (
        user: found?.user, isDisabled: found?.isDisabled ?? false, unverifiedUntil: found?.unverifiedUntil,
        counters: try connection.counters(of: keys)
      )
    }
  }

  /// Changes a user: ``AuthCore/AccountStore/updateUser(_:_:)``.
  public func updateUser(_ id: User.ID, _ changes: [User.Change]) async throws(StoreError) {
    try await write { connection in
      try connection.requireUser(id)
      // The email comes first: if it is taken, everything is refused.
      for case .email(let email) in changes {
        try connection.requireNotReserved(email, for: id)
        try connection.voidRecoveryEmailRequest(of: id)
        try connection.run("DELETE FROM email_changes WHERE user_id = ?1", [.integer(id)])
        try connection.run("DELETE FROM email_take_backs WHERE user_id = ?1", [.integer(id)])
        try connection.run("UPDATE users SET email = ?2 WHERE id = ?1", [.integer(id), .text(email.text)])
        try connection.revokeResetToken(of: id)
      }
      for change in changes {
        switch change {
        case .email: break
        case .hashedPassword(let hash):
          try connection.run("UPDATE users SET hashed_password = ?2 WHERE id = ?1", [.integer(id), .text(hash.text)])
          try connection.voidEmailChange(of: id)
        case .endSessions:
          try connection.endSessions(of: id)
        case .revokeResetToken:
          try connection.revokeResetToken(of: id)
        }
      }
    }
  }

  /// Replaces a hash: ``AuthCore/AccountStore/replaceHashedPassword(of:_:with:)``.
  public func replaceHashedPassword(
    of id: User.ID, _ expected: PasswordHash, with hash: PasswordHash
  ) async throws(StoreError) -> Bool {
    try await write { connection in
      try connection.run(
        "UPDATE users SET hashed_password = ?3 WHERE id = ?1 AND hashed_password = ?2",
        [.integer(id), .text(expected.text), .text(hash.text)]) == 1
    }
  }

  /// Sets a new password: ``AuthCore/AccountStore/changePassword(of:_:to:renewing:as:endingOthers:notice:)``.
  public func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool, notice: OutboxMessage?
  ) async throws(StoreError) -> Bool {
    try await write { connection in
      let isAsExpected =
        try connection.query(
          """
          SELECT count(*) FROM users JOIN sessions ON sessions.user_id = users.id
          WHERE users.id = ?1 AND users.hashed_password = ?2 AND sessions.id = ?3
          """, [.integer(id), .text(expected.text), .text(old.hex)]
        ) { $0.integer(0) } == [1]
      guard isAsExpected else { return false }
      try connection.run("UPDATE users SET hashed_password = ?2 WHERE id = ?1", [.integer(id), .text(hash.text)])
      try connection.revokeResetToken(of: id)
      try connection.voidEmailChange(of: id)
      if endingOthers { try connection.endSessions(of: id) }
      try connection.endSession(old)
      try connection.insert(new)
      if let notice { try connection.insert(notice) }
      return true
    }
  }

  /// Deletes a user: ``AuthCore/AccountStore/deleteUser(_:ifPassword:notice:)``.
  public func deleteUser(
    _ id: User.ID, ifPassword expected: PasswordHash, notice: OutboxMessage?
  ) async throws(StoreError) -> Bool {
    try await write { connection in
      let isAsExpected = try !connection.query(
        "SELECT 1 FROM users WHERE id = ?1 AND hashed_password = ?2", [.integer(id), .text(expected.text)]
      ) { _ in }.isEmpty
      guard isAsExpected else { return false }
      // First, so that the recovery email gets the copy.
      if let notice { try connection.insert(notice) }
      // The foreign keys delete sessions and reset token, too.
      try connection.run("DELETE FROM users WHERE id = ?1", [.integer(id)])
      return true
    }
  }
}

extension SQLiteConnection {
  func addUser(_ email: Email, _ hash: PasswordHash) throws -> User {
    try requireNotReserved(email, for: nil)
    let ids = try query(
      "INSERT INTO users (email, hashed_password) VALUES (?1, ?2) RETURNING id", [.text(email.text), .text(hash.text)]
    ) { $0.integer(0) }
    return User(id: ids[0], email: email, hashedPassword: hash)
  }

  /// - Throws: `StoreError.noResultFound` when no user has this id.
  func requireUser(_ id: User.ID) throws {
    guard try hasUser(id) else { throw StoreError.noResultFound }
  }

  func hasUser(_ id: User.ID) throws -> Bool {
    try !query("SELECT id FROM users WHERE id = ?1", [.integer(id)], row: { _ in }).isEmpty
  }

  fileprivate func userAndState(with email: Email) throws -> (user: User, isDisabled: Bool, unverifiedUntil: Timestamp?)? {
    try query(
      "SELECT \(User.columns), \(User.isDisabled), \(User.unverifiedUntil) FROM users WHERE email = ?1 COLLATE NOCASE",
      [.text(email.text)]
    ) { ($0.user(), $0.integer(User.columnCount) != 0, $0.timestampIfAny(User.columnCount + 1)) }.first
  }

  func user(with email: Email) throws -> User? {
    try query(
      "SELECT \(User.columns) FROM users WHERE email = ?1 COLLATE NOCASE", [.text(email.text)], row: { $0.user() }
    ).first
  }
}

extension User {
  /// What ``SQLiteStatement/user(known:)`` reads, in this order.
  static let columns = "users.id, users.email, users.hashed_password, users.session_id, users.reset_token"
  static let columnCount: Int32 = 5

  /// Of a row of `users`: when the user ends, if they are unverified.
  static let unverifiedUntil = "(SELECT expires_at FROM unverified_users WHERE user_id = users.id)"
}

extension SQLiteStatement {
  /// The user in the first five columns of the row; `known` may be the id of the user's newest session, and usually is.
  ///
  /// This is not an initialiser of `User`, because that would copy what the initialiser in the other module has made.
  func user(known: TokenDigest? = nil) -> User {
    User(
      id: integer(0),
      email: Email(stored: text(1) ?? ""),
      hashedPassword: PasswordHash(text(2) ?? ""),
      sessionID: text(3, known: known?.hex).map(TokenDigest.init(hex:)),
      resetToken: text(4).map(TokenDigest.init(hex:)))
  }
}

extension User.Filter {
  /// A condition with a parameter for ``value``.
  fileprivate var sql: String {
    switch self {
    case .id: "id = ?"
    case .email: "email = ? COLLATE NOCASE"
    case .hashedPassword: "hashed_password = ?"
    case .sessionID(let digest): digest == nil ? "session_id IS NULL" : "session_id = ?"
    case .resetToken(let digest): digest == nil ? "reset_token IS NULL" : "reset_token = ?"
    }
  }

  fileprivate var value: SQLiteValue? {
    switch self {
    case .id(let id): .integer(id)
    case .email(let email): .text(email.text)
    case .hashedPassword(let hash): .text(hash.text)
    case .sessionID(let digest), .resetToken(let digest): digest.map { .text($0.hex) }
    }
  }

  /// Whether an index leads to the few rows that match.
  fileprivate var isKey: Bool {
    switch self {
    case .id, .email: true
    case .hashedPassword: false
    case .sessionID(let digest), .resetToken(let digest): digest != nil
    }
  }
}
