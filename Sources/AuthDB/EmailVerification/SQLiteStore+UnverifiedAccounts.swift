public import AuthCore

extension SQLiteStore {
  /// Opens an account: ``AuthCore/VerificationStore/openUnverifiedAccount(_:queueing:limit:)``.
  public func openUnverifiedAccount(
    _ registration: Registration, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> Registration.Opening {
    try await write { connection in
      let email = registration.email
      let isWaiting = try connection.unverifiedUser(with: email) != nil
      if !isWaiting {
        guard try connection.user(with: email) == nil else { throw StoreError.emailTaken }
        try connection.requireNotReserved(email, for: nil)
      }
      guard try connection.queue(message, limit: limit) else { return .outboxFull }
      try connection.insert(registration)
      guard !isWaiting else { return .waits }
      let user = try connection.addUser(email, registration.hashedPassword)
      try connection.run(
        "INSERT INTO unverified_users (user_id, registration, expires_at) VALUES (?1, ?2, ?3)",
        [.integer(user.id), .text(registration.id.hex), SQLiteValue(registration.expiresAt)])
      return .opened(user)
    }
  }

  /// Finds an unverified account: ``AuthCore/VerificationStore/unverifiedAccount(_:)``.
  public func unverifiedAccount(_ id: User.ID) async throws(StoreError) -> UnverifiedAccount? {
    try await read { connection in
      try connection.query("SELECT registration, expires_at FROM unverified_users WHERE user_id = ?1", [.integer(id)]) { row in
        UnverifiedAccount(registration: TokenDigest(hex: row.text(0) ?? ""), expiresAt: row.timestamp(1))
      }.first
    }
  }

  /// Vouches for an email: ``AuthCore/VerificationStore/vouchForEmail(of:)``.
  public func vouchForEmail(of id: User.ID) async throws(StoreError) -> Bool {
    try await write { connection in
      let emails = try connection.query("SELECT email FROM users WHERE id = ?1", [.integer(id)]) { $0.text(0) ?? "" }
      guard let email = emails.first else { throw StoreError.noResultFound }
      guard try connection.endProbation(of: id) else { return false }
      try connection.deleteRegistrations(of: Email(stored: email))
      return true
    }
  }
}

extension SQLiteConnection {
  /// The user who has the email, if they are unverified, with the id of the registration that has added them.
  func unverifiedUser(with email: Email) throws -> (user: User, registration: Registration.ID)? {
    try query(
      """
      SELECT \(User.columns), unverified_users.registration FROM users
      JOIN unverified_users ON unverified_users.user_id = users.id WHERE users.email = ?1 COLLATE NOCASE
      """, [.text(email.text)]
    ) { ($0.user(), TokenDigest(hex: $0.text(User.columnCount) ?? "")) }.first
  }

  func isUnverified(_ id: User.ID) throws -> Bool {
    try !query("SELECT 1 FROM unverified_users WHERE user_id = ?1", [.integer(id)]) { _ in }.isEmpty
  }

  /// Makes an unverified user one like any other, and returns whether they were unverified.
  @discardableResult
  func endProbation(of id: User.ID) throws -> Bool {
    try run("DELETE FROM unverified_users WHERE user_id = ?1", [.integer(id)]) == 1
  }
}
