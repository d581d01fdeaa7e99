public import AuthCore

extension SQLiteStore {
  /// Saves a registration: ``AuthCore/VerificationStore/addRegistration(_:queueing:limit:)``.
  public func addRegistration(
    _ registration: Registration, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> Bool {
    try await write { connection in
      guard try connection.queue(message, limit: limit) else { return false }
      try connection.insert(registration)
      return true
    }
  }

  /// Gives a registration a challenge: ``AuthCore/VerificationStore/challengeRegistration(_:with:now:)``.
  public func challengeRegistration(
    _ id: Registration.ID, with challenge: Registration.Challenge, now: Timestamp
  ) async throws(StoreError) -> Registration? {
    try await write { connection in
      try connection.query(
        """
        UPDATE registrations SET token = ?3, code = ?4, code_expires_at = ?5 WHERE id = ?1 AND expires_at > ?2
        RETURNING \(Registration.columns)
        """,
        [
          .text(id.hex), SQLiteValue(now), .text(challenge.token.hex), .text(challenge.code.hex),
          SQLiteValue(challenge.codeExpiresAt),
        ]
      ) { $0.registration() }.first
    }
  }

  /// Counts a try: ``AuthCore/VerificationStore/tryRegistration(_:limit:now:)``.
  public func tryRegistration(
    _ proof: Registration.Proof, limit: Int, now: Timestamp
  ) async throws(StoreError) -> Registration? {
    let (name, condition, code) =
      switch proof {
      case .token(let token): (token, "token = ?1", nil as TokenDigest?)
      case .code(let code, let id): (id, "id = ?1 AND code_expires_at > ?2", code)
      }
    return try await write { connection in
      try connection.query(
        """
        UPDATE registrations SET tries = tries + 1 WHERE \(condition) AND expires_at > ?2 AND tries < ?3
        RETURNING \(Registration.columns), code
        """, [.text(name.hex), SQLiteValue(now), .integer(Int64(limit))]
      ) { row in
        let isRight = code.map { row.text(5)?.hasSameBytes(as: $0.hex) == true } ?? true
        return isRight ? row.registration() : nil
      }.first ?? nil
    }
  }

  /// Completes a registration: ``AuthCore/VerificationStore/completeRegistration(_:ifPassword:now:)``.
  public func completeRegistration(
    _ registration: Registration, ifPassword expected: PasswordHash?, now: Timestamp
  ) async throws(StoreError) -> Registration.Completion {
    try await write { connection in
      let found = try connection.query(
        "SELECT \(Registration.columns) FROM registrations WHERE id = ?1 AND expires_at > ?2",
        [.text(registration.id.hex), SQLiteValue(now)]
      ) { $0.registration() }
      guard let found = found.first else { throw StoreError.noResultFound }
      let former = try connection.unverifiedUser(with: found.email)
      if let former, former.registration == found.id {
        guard expected == nil || expected == former.user.hashedPassword else { return .passwordChanged }
        try connection.endProbation(of: former.user.id)
        try connection.noteVerified(former.user.email, of: former.user.id, at: now)
        try connection.deleteRegistrations(of: found.email)
        return .verified(former.user)
      }
      guard expected == nil || expected == found.hashedPassword else { return .passwordChanged }
      // The foreign keys delete all that belongs to them.
      if let former { try connection.run("DELETE FROM users WHERE id = ?1", [.integer(former.user.id)]) }
      let user = try connection.addUser(found.email, found.hashedPassword)
      try connection.noteVerified(user.email, of: user.id, at: now)
      try connection.deleteRegistrations(of: found.email)
      return former.map { .replaced($0.user.id, by: user) } ?? .created(user)
    }
  }

  /// When an email was verified: ``AuthCore/VerificationStore/emailVerifiedAt(_:)``.
  public func emailVerifiedAt(_ id: User.ID) async throws(StoreError) -> Timestamp? {
    try await read { connection in
      try connection.query(
        """
        SELECT verified_at FROM verified_emails JOIN users ON users.id = verified_emails.user_id
        WHERE users.id = ?1 AND users.email = verified_emails.email
        """, [.integer(id)]
      ) { $0.timestamp(0) }.first
    }
  }
}

extension SQLiteConnection {
  func insert(_ registration: Registration) throws {
    try run(
      "INSERT INTO registrations (id, email, hashed_password, created_at, expires_at, tries) VALUES (?1, ?2, ?3, ?4, ?5, 0)",
      [
        .text(registration.id.hex), .text(registration.email.text), .text(registration.hashedPassword.text),
        SQLiteValue(registration.createdAt), SQLiteValue(registration.expiresAt),
      ])
  }

  func deleteRegistrations(of email: Email) throws {
    try run("DELETE FROM registrations WHERE email = ?1 COLLATE NOCASE", [.text(email.text)])
  }

  func noteVerified(_ email: Email, of id: User.ID, at moment: Timestamp) throws {
    try run(
      """
      INSERT INTO verified_emails (user_id, email, verified_at) VALUES (?1, ?2, ?3)
      ON CONFLICT (user_id) DO UPDATE SET email = ?2, verified_at = ?3
      """, [.integer(id), .text(email.text), SQLiteValue(moment)])
  }
}

extension Registration {
  /// What ``SQLiteStatement/registration()`` reads, in this order.
  fileprivate static let columns = "id, email, hashed_password, created_at, expires_at"
}

extension SQLiteStatement {
  fileprivate func registration() -> Registration {
    Registration(
      id: TokenDigest(hex: text(0) ?? ""), email: Email(stored: text(1) ?? ""), hashedPassword: PasswordHash(text(2) ?? ""),
      createdAt: timestamp(3), expiresAt: timestamp(4))
  }
}
