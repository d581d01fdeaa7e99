public import AuthCore

extension SQLiteStore {
  /// Saves a request: ``AuthCore/RecoveryEmailStore/addRecoveryEmailRequest(_:by:queueing:limit:)``.
  public func addRecoveryEmailRequest(
    _ request: RecoveryEmailRequest, by session: TokenDigest, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> RecoveryEmailRequest.Adding {
    try await write { connection in
      guard try connection.has(session, request.userID) else { return .outdated }
      guard try connection.queue(message, limit: limit) else { return .outboxFull }
      try connection.voidRecoveryEmailRequest(of: request.userID)
      try connection.run(
        """
        INSERT INTO recovery_email_requests (id, user_id, email, created_at, expires_at, tries) VALUES (?1, ?2, ?3, ?4, ?5, 0)
        """,
        [
          .text(request.id.hex), .integer(request.userID), .text(request.email.text), SQLiteValue(request.createdAt),
          SQLiteValue(request.expiresAt),
        ])
      return .added
    }
  }

  /// Gives a request a challenge: ``AuthCore/RecoveryEmailStore/challengeRecoveryEmailRequest(_:with:now:)``.
  public func challengeRecoveryEmailRequest(
    _ id: RecoveryEmailRequest.ID, with challenge: RecoveryEmailRequest.Challenge, now: Timestamp
  ) async throws(StoreError) -> RecoveryEmailRequest? {
    try await write { connection in
      try connection.query(
        """
        UPDATE recovery_email_requests SET token = ?3, code = ?4, code_expires_at = ?5 WHERE id = ?1 AND expires_at > ?2
        RETURNING \(RecoveryEmailRequest.columns)
        """,
        [
          .text(id.hex), SQLiteValue(now), .text(challenge.token.hex), .text(challenge.code.hex),
          SQLiteValue(challenge.codeExpiresAt),
        ]
      ) { $0.recoveryEmailRequest() }.first
    }
  }

  /// Counts a try: ``AuthCore/RecoveryEmailStore/tryRecoveryEmailRequest(_:limit:now:)``.
  public func tryRecoveryEmailRequest(
    _ proof: RecoveryEmailRequest.Proof, limit: Int, now: Timestamp
  ) async throws(StoreError) -> RecoveryEmailRequest? {
    let (name, condition, code) =
      switch proof {
      case .token(let token): (SQLiteValue.text(token.hex), "token = ?1", nil as TokenDigest?)
      case .code(let code, let id): (.integer(id), "user_id = ?1 AND code_expires_at > ?2", code)
      }
    return try await write { connection in
      try connection.query(
        """
        UPDATE recovery_email_requests SET tries = tries + 1 WHERE \(condition) AND expires_at > ?2 AND tries < ?3
        RETURNING \(RecoveryEmailRequest.columns), code
        """, [name, SQLiteValue(now), .integer(Int64(limit))]
      ) { row in
        let isRight = code.map { row.text(5)?.hasSameBytes(as: $0.hex) == true } ?? true
        return isRight ? row.recoveryEmailRequest() : nil
      }.first ?? nil
    }
  }

  /// Sets a recovery email: ``AuthCore/RecoveryEmailStore/confirmRecoveryEmail(_:now:notice:)``.
  public func confirmRecoveryEmail(
    _ request: RecoveryEmailRequest, now: Timestamp, notice: OutboxMessage
  ) async throws(StoreError) -> Bool {
    try await write { connection in
      let id = request.userID
      let emails = try connection.query(
        """
        DELETE FROM recovery_email_requests WHERE id = ?1 AND user_id = ?2 AND expires_at > ?3
          AND NOT EXISTS (SELECT 1 FROM disabled_users WHERE user_id = ?2)
        RETURNING email
        """, [.text(request.id.hex), .integer(id), SQLiteValue(now)]
      ) { $0.text(0) ?? "" }
      guard let email = emails.first else { return false }
      // First, so that the earlier recovery email gets the copy.
      try connection.insert(notice)
      try connection.run(
        """
        INSERT INTO recovery_emails (user_id, email, verified_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (user_id) DO UPDATE SET email = ?2, verified_at = ?3
        """, [.integer(id), .text(email), SQLiteValue(now)])
      try connection.revokeResetToken(of: id)
      return true
    }
  }

  /// Deletes a recovery email: ``AuthCore/RecoveryEmailStore/removeRecoveryEmail(of:by:notice:)``.
  public func removeRecoveryEmail(
    of id: User.ID, by session: TokenDigest, notice: OutboxMessage
  ) async throws(StoreError) -> RecoveryEmail.Removal {
    try await write { connection in
      guard try connection.has(session, id) else { return .outdated }
      try connection.voidRecoveryEmailRequest(of: id)
      guard try connection.recoveryEmail(of: id) != nil else { return .none }
      try connection.insert(notice)
      try connection.run("DELETE FROM recovery_emails WHERE user_id = ?1", [.integer(id)])
      try connection.revokeResetToken(of: id)
      return .removed
    }
  }

  /// Finds a recovery email: ``AuthCore/RecoveryEmailStore/findRecoveryEmail(of:)``.
  public func findRecoveryEmail(of id: User.ID) async throws(StoreError) -> RecoveryEmail? {
    try await read { try $0.recoveryEmail(of: id) }
  }
}

extension SQLiteConnection {
  func voidRecoveryEmailRequest(of id: User.ID) throws {
    try run("DELETE FROM recovery_email_requests WHERE user_id = ?1", [.integer(id)])
  }

  fileprivate func recoveryEmail(of id: User.ID) throws -> RecoveryEmail? {
    try query("SELECT email, verified_at FROM recovery_emails WHERE user_id = ?1", [.integer(id)]) {
      RecoveryEmail(email: Email(stored: $0.text(0) ?? ""), verifiedAt: $0.timestamp(1))
    }.first
  }

  /// Whether this is a session of the user.
  fileprivate func has(_ session: TokenDigest, _ id: User.ID) throws -> Bool {
    try !query("SELECT 1 FROM sessions WHERE id = ?1 AND user_id = ?2", [.text(session.hex), .integer(id)]) { _ in }.isEmpty
  }
}

extension RecoveryEmailRequest {
  /// What ``SQLiteStatement/recoveryEmailRequest()`` reads, in this order.
  fileprivate static let columns = "id, user_id, email, created_at, expires_at"
}

extension SQLiteStatement {
  fileprivate func recoveryEmailRequest() -> RecoveryEmailRequest {
    RecoveryEmailRequest(
      id: TokenDigest(hex: text(0) ?? ""), userID: integer(1), email: Email(stored: text(2) ?? ""), createdAt: timestamp(3),
      expiresAt: timestamp(4))
  }
}
