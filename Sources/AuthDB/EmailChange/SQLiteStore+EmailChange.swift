public import AuthCore

extension SQLiteStore {
  /// Saves a change: ``AuthCore/EmailChangeStore/addEmailChange(_:limit:)``.
  public func addEmailChange(_ request: EmailChange.Request, limit: Int) async throws(StoreError) -> EmailChange.Adding {
    try await write { connection in
      let (change, takeBack) = (request.change, request.takeBack)
      let isCurrent =
        try connection.query(
          """
          SELECT count(*) FROM users JOIN sessions ON sessions.user_id = users.id
          WHERE users.id = ?1 AND users.email = ?2 AND sessions.id = ?3
          """, [.integer(change.userID), .text(change.former.text), .text(request.session.hex)]
        ) { $0.integer(0) } == [1]
      guard isCurrent else { return .outdated }
      guard try connection.queue(request.message, limit: limit) else { return .outboxFull }
      try connection.run("DELETE FROM email_changes WHERE user_id = ?1", [.integer(change.userID)])
      try connection.run(
        """
        INSERT INTO email_changes (id, user_id, former_email, email, created_at, expires_at, tries)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)
        """,
        [
          .text(change.id.hex), .integer(change.userID), .text(change.former.text), .text(change.email.text),
          SQLiteValue(change.createdAt), SQLiteValue(change.expiresAt),
        ])
      guard try !connection.isUnverified(change.userID) else { return .added }
      try connection.insert(takeBack, step: 0)
      try connection.insert(request.notice)
      return .added
    }
  }

  /// Gives a change a challenge: ``AuthCore/EmailChangeStore/challengeEmailChange(_:with:now:)``.
  public func challengeEmailChange(
    _ id: EmailChange.ID, with challenge: EmailChange.Challenge, now: Timestamp
  ) async throws(StoreError) -> EmailChange? {
    try await write { connection in
      try connection.query(
        """
        UPDATE email_changes SET token = ?3, code = ?4, code_expires_at = ?5 WHERE id = ?1 AND expires_at > ?2
        RETURNING \(EmailChange.columns)
        """,
        [
          .text(id.hex), SQLiteValue(now), .text(challenge.token.hex), .text(challenge.code.hex),
          SQLiteValue(challenge.codeExpiresAt),
        ]
      ) { $0.emailChange() }.first
    }
  }

  /// Counts a try: ``AuthCore/EmailChangeStore/tryEmailChange(_:limit:now:)``.
  public func tryEmailChange(
    _ proof: EmailChange.Proof, limit: Int, now: Timestamp
  ) async throws(StoreError) -> EmailChange? {
    let (name, condition, code) =
      switch proof {
      case .token(let token): (SQLiteValue.text(token.hex), "token = ?1", nil as TokenDigest?)
      case .code(let code, let id): (.integer(id), "user_id = ?1 AND code_expires_at > ?2", code)
      }
    return try await write { connection in
      try connection.query(
        """
        UPDATE email_changes SET tries = tries + 1 WHERE \(condition) AND expires_at > ?2 AND tries < ?3
        RETURNING \(EmailChange.columns), code
        """, [name, SQLiteValue(now), .integer(Int64(limit))]
      ) { row in
        let isRight = code.map { row.text(6)?.hasSameBytes(as: $0.hex) == true } ?? true
        return isRight ? row.emailChange() : nil
      }.first ?? nil
    }
  }

  /// Changes an email: ``AuthCore/EmailChangeStore/confirmEmailChange(_:)``.
  public func confirmEmailChange(
    _ confirmation: EmailChange.Confirmation
  ) async throws(StoreError) -> (user: User, replaced: User.ID?) {
    try await write { connection in
      let found = try connection.query(
        """
        SELECT c.user_id, c.email FROM email_changes c JOIN users ON users.id = c.user_id AND users.email = c.former_email
        WHERE c.id = ?1 AND c.expires_at > ?2 AND NOT EXISTS (SELECT 1 FROM disabled_users d WHERE d.user_id = c.user_id)
          AND NOT EXISTS (SELECT 1 FROM unverified_users u WHERE u.user_id = c.user_id AND u.expires_at <= ?2)
        """, [.text(confirmation.change.id.hex), SQLiteValue(confirmation.now)]
      ) { (id: $0.integer(0), email: Email(stored: $0.text(1) ?? "")) }
      guard let (id, email) = found.first else { throw StoreError.noResultFound }
      let former = try connection.unverifiedUser(with: email).flatMap { $0.user.id == id ? nil : $0.user.id }
      if let former { try connection.run("DELETE FROM users WHERE id = ?1", [.integer(former)]) }
      try connection.setVerifiedEmail(email, of: id, at: confirmation.now)
      try connection.run("DELETE FROM email_changes WHERE user_id = ?1", [.integer(id)])
      try connection.deleteRegistrations(of: email)
      for move in confirmation.moves {
        let counter = try connection.counters(of: [move.from])[0]
        try connection.store(.none, for: move.from)
        try connection.store(counter, for: move.to)
      }
      // No one has shown that they read the former email.
      guard try !connection.endProbation(of: id) else { return (try connection.user(id), former) }
      let steps = try connection.query("SELECT max(step) FROM email_take_backs WHERE user_id = ?1", [.integer(id)]) {
        $0.integerIfAny(0) ?? 0
      }
      let step = (steps.first ?? 0) + 1
      try connection.run(
        "UPDATE email_take_backs SET step = ?2, expires_at = ?3 WHERE user_id = ?1 AND step = 0 AND expires_at > ?4",
        [.integer(id), .integer(step), SQLiteValue(confirmation.takeBack.expiresAt), SQLiteValue(confirmation.now)])
      try connection.insert(confirmation.takeBack, step: step)
      try connection.insert(confirmation.notice)
      return (try connection.user(id), former)
    }
  }

  /// Gives a right a token: ``AuthCore/EmailChangeStore/issueTakeBackToken(_:for:now:)``.
  public func issueTakeBackToken(
    _ token: TokenDigest, for id: EmailTakeBack.ID, now: Timestamp
  ) async throws(StoreError) -> EmailTakeBack? {
    try await write { connection in
      try connection.query(
        "UPDATE email_take_backs SET token = ?3 WHERE id = ?1 AND expires_at > ?2 RETURNING \(EmailTakeBack.columns)",
        [.text(id.hex), SQLiteValue(now), .text(token.hex)]
      ) { $0.takeBack(0) }.first
    }
  }

  /// Finds a right: ``AuthCore/EmailChangeStore/findTakeBack(withToken:now:)``.
  public func findTakeBack(
    withToken token: TokenDigest, now: Timestamp
  ) async throws(StoreError) -> (takeBack: EmailTakeBack, user: User)? {
    try await read { connection in
      try connection.query(
        """
        SELECT \(User.columns), t.id, t.user_id, t.email, t.created_at, t.expires_at
        FROM email_take_backs t JOIN users ON users.id = t.user_id WHERE t.token = ?1 AND t.expires_at > ?2
        """, [.text(token.hex), SQLiteValue(now)]
      ) { (takeBack: $0.takeBack(User.columnCount), user: $0.user()) }.first
    }
  }

  /// Takes an email back: ``AuthCore/EmailChangeStore/takeBackEmail(_:)``.
  public func takeBackEmail(_ use: EmailTakeBack.Use) async throws(StoreError) -> EmailTakeBack.Outcome {
    try await write { connection in
      let found = try connection.query(
        "SELECT \(EmailTakeBack.columns), step FROM email_take_backs WHERE token = ?1 AND expires_at > ?2",
        [.text(use.token.hex), SQLiteValue(use.now)]
      ) { (takeBack: $0.takeBack(0), step: $0.integer(5)) }
      guard let (takeBack, step) = found.first else { return .refused }
      let id = takeBack.userID
      guard try connection.user(id).email.text.hasSameBytes(as: use.present.text) else { return .outdated }
      try connection.setVerifiedEmail(takeBack.email, of: id, at: use.now)
      try connection.run("UPDATE users SET hashed_password = ?2 WHERE id = ?1", [.integer(id), .text(use.hash.text)])
      try connection.endSessions(of: id)
      let steps = try connection.query(
        "SELECT min(created_at) FROM email_take_backs WHERE user_id = ?1 AND step = ?2", [.integer(id), .integer(step)]
      ) { $0.timestamp(0) }
      try connection.run(
        "DELETE FROM recovery_emails WHERE user_id = ?1 AND verified_at >= ?2",
        [.integer(id), SQLiteValue(steps[0] - use.recoveryEmailAge)])
      try connection.voidEmailChange(of: id)
      if step > 0 {
        try connection.run(
          "DELETE FROM email_take_backs WHERE user_id = ?1 AND step >= ?2", [.integer(id), .integer(step)])
      }
      for key in use.clearedCounters { try connection.store(.none, for: key) }
      for notice in use.notices { try connection.insert(notice) }
      return .takenBack(try connection.user(id))
    }
  }
}

extension SQLiteConnection {
  /// Deletes the user's open change, the rights that came with its request and those before it, and the open request for a
  /// recovery email.
  func voidEmailChange(of id: User.ID) throws {
    try voidRecoveryEmailRequest(of: id)
    try run("DELETE FROM email_changes WHERE user_id = ?1", [.integer(id)])
    try run("DELETE FROM email_take_backs WHERE user_id = ?1 AND step = 0", [.integer(id)])
  }

  /// - Parameter id: the user who wants the email; nil for a new one.
  /// - Throws: `StoreError.emailTaken` if another user can take the email back.
  func requireNotReserved(_ email: Email, for id: User.ID?) throws {
    let isReserved = try !query(
      "SELECT 1 FROM email_take_backs WHERE email = ?1 COLLATE NOCASE AND step > 0 AND user_id IS NOT ?2",
      [.text(email.text), id.map(SQLiteValue.integer) ?? .null]
    ) { _ in }.isEmpty
    if isReserved { throw StoreError.emailTaken }
  }

  /// Gives a user an email of which someone has shown that they read it, and revokes the reset token.
  ///
  /// - Throws: what stands for `StoreError.emailTaken`.
  fileprivate func setVerifiedEmail(_ email: Email, of id: User.ID, at moment: Timestamp) throws {
    try requireNotReserved(email, for: id)
    try run("UPDATE users SET email = ?2 WHERE id = ?1", [.integer(id), .text(email.text)])
    try noteVerified(email, of: id, at: moment)
    try revokeResetToken(of: id)
  }

  fileprivate func insert(_ takeBack: EmailTakeBack, step: Int64) throws {
    try run(
      "INSERT INTO email_take_backs (id, user_id, email, created_at, expires_at, step) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
      [
        .text(takeBack.id.hex), .integer(takeBack.userID), .text(takeBack.email.text), SQLiteValue(takeBack.createdAt),
        SQLiteValue(takeBack.expiresAt), .integer(step),
      ])
  }

  fileprivate func user(_ id: User.ID) throws -> User {
    let users = try query("SELECT \(User.columns) FROM users WHERE id = ?1", [.integer(id)]) { $0.user() }
    guard let user = users.first else { throw StoreError.noResultFound }
    return user
  }
}

extension EmailChange {
  /// What ``SQLiteStatement/emailChange()`` reads, in this order.
  fileprivate static let columns = "id, user_id, former_email, email, created_at, expires_at"
}

extension EmailTakeBack {
  /// What ``SQLiteStatement/takeBack(_:)`` reads, in this order.
  fileprivate static let columns = "id, user_id, email, created_at, expires_at"
}

extension SQLiteStatement {
  fileprivate func emailChange() -> EmailChange {
    EmailChange(
      id: TokenDigest(hex: text(0) ?? ""), userID: integer(1), from: Email(stored: text(2) ?? ""),
      to: Email(stored: text(3) ?? ""), createdAt: timestamp(4), expiresAt: timestamp(5))
  }

  fileprivate func takeBack(_ first: Int32) -> EmailTakeBack {
    EmailTakeBack(
      id: TokenDigest(hex: text(first) ?? ""), userID: integer(first + 1), email: Email(stored: text(first + 2) ?? ""),
      createdAt: timestamp(first + 3), expiresAt: timestamp(first + 4))
  }
}
