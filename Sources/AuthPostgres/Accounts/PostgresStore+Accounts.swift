#if Postgres
public import AuthCore

extension PostgresStore {
  /// Saves a user: ``AuthCore/AccountStore/addUser(email:hashedPassword:)``.
  public func addUser(email: Email, hashedPassword: PasswordHash) async throws(StoreError) -> User {
    let id = try await write(statements.addUser, repeating: .announced) { query in
      query.add(email.text)
      query.add(hashedPassword.text)
    } _: {
      $0.integerIfAny(0, 0)
    }
    guard let id else { throw .emailTaken }
    return User(id: id, email: email, hashedPassword: hashedPassword)
  }

  /// Finds a user: ``AuthCore/AccountStore/findUser(by:)``.
  public func findUser(by filters: [User.Filter]) async throws(StoreError) -> User {
    var (conditions, types, names): ([String], [PostgresType], [String]) = ([], [], [])
    for filter in filters {
      let (name, condition, type) = filter.sql(parameter: types.count + 1, in: schema.name)
      names.append(name)
      conditions.append(condition)
      if let type { types.append(type) }
    }
    let statement = PostgresStatement(
      // Without a name, it is not kept: hardly anyone has so many.
      filters.count > 3 ? "" : "user_by_\(names.joined(separator: "_"))",
      "SELECT \(User.columns) FROM \(schema.name).users u WHERE \((conditions + ["true"]).joined(separator: " AND ")) "
        + "ORDER BY u.id LIMIT 1", types)
    let user = try await read(statement, isScan: !filters.contains(where: \.isKey)) { query in
      for filter in filters { filter.addValue(to: &query) }
    } _: {
      $0.count > 0 ? $0.user(0, 0) : nil
    }
    guard let user else { throw .noResultFound }
    return user
  }

  /// Finds a user and counters: ``AuthCore/AccountStore/findUser(email:counters:)``.
  public func findUser(
    email: Email?, counters keys: [Throttle.Key]
  ) async throws(StoreError) -> (user: User?, isDisabled: Bool, unverifiedUntil: Timestamp?, counters: [Throttle.Counter]) {
    guard email != nil || !keys.isEmpty else { return (nil, false, nil, []) }
    return try await read(statements.loginRead) { query in
      query.add(email?.text)
      query.add(keys)
    } _: { result in
      let user = result.isNull(0, 0) ? nil : result.user(0, 0)
      return (
        user, user != nil && result.boolean(0, 5), result.timestampIfAny(0, 6), keys.indices.map { result.counter($0, 7) }
      )
    }
  }

  /// Changes a user: ``AuthCore/AccountStore/updateUser(_:_:)``.
  public func updateUser(_ id: User.ID, _ changes: [User.Change]) async throws(StoreError) {
    var (email, hash, endsSessions, revokesToken): (Email?, PasswordHash?, Bool, Bool) = (nil, nil, false, false)
    for change in changes {
      switch change {
      case .email(let new):
        email = new
        revokesToken = true
      case .hashedPassword(let new): hash = new
      case .endSessions: endsSessions = true
      case .revokeResetToken: revokesToken = true
      }
    }
    let outcome = try await write(statements.updateUser, repeating: .safe) { query in
      query.add(id)
      query.add(email?.text)
      query.add(hash?.text)
      query.add(endsSessions)
      query.add(revokesToken)
    } _: {
      $0.integer(0, 0)
    }
    if outcome == 0 { throw .noResultFound }
    if outcome == 2 { throw .emailTaken }
  }

  /// Replaces a hash: ``AuthCore/AccountStore/replaceHashedPassword(of:_:with:)``.
  public func replaceHashedPassword(
    of id: User.ID, _ expected: PasswordHash, with hash: PasswordHash
  ) async throws(StoreError) -> Bool {
    try await write(statements.replaceHashedPassword, repeating: .announced) { query in
      query.add(id)
      query.add(expected.text)
      query.add(hash.text)
    } _: {
      $0.boolean(0, 0)
    }
  }

  /// Sets a new password: ``AuthCore/AccountStore/changePassword(of:_:to:renewing:as:endingOthers:notice:)``.
  public func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool, notice: OutboxMessage?
  ) async throws(StoreError) -> Bool {
    guard let old = DigestBytes(old) else { return false }
    return try await write(statements.changePassword, repeating: .announced) { query throws(StoreError) in
      query.add(id)
      query.add(expected.text)
      query.add(hash.text)
      query.add(old)
      query.add(endingOthers)
      query.add(try new.id.storable)
      query.add(sessionButIDAndUser: new)
      query.add(notice: notice)
    } _: {
      $0.boolean(0, 0)
    }
  }

  /// Deletes a user: ``AuthCore/AccountStore/deleteUser(_:ifPassword:notice:)``.
  public func deleteUser(
    _ id: User.ID, ifPassword expected: PasswordHash, notice: OutboxMessage?
  ) async throws(StoreError) -> Bool {
    try await write(statements.deleteUser, repeating: .none) { query in
      query.add(id)
      query.add(expected.text)
      query.add(notice: notice)
    } _: {
      $0.boolean(0, 0)
    }
  }
}

extension User {
  /// What ``PostgresResult/user(_:_:)`` reads, in this order, from `users u`.
  static let columns = "u.id, u.email, u.hashed_password, u.session_id, u.reset_token"
}

extension PostgresResult {
  /// The user in five columns from `first` on.
  func user(_ row: Int, _ first: Int) -> User {
    User(
      id: integer(row, first), email: Email(stored: text(row, first + 1)), hashedPassword: PasswordHash(text(row, first + 2)),
      sessionID: textIfAny(row, first + 3).map(TokenDigest.init(hex:)),
      resetToken: textIfAny(row, first + 4).map(TokenDigest.init(hex:)))
  }
}

extension User.Filter {
  /// A name for the condition, the condition, and the type of its parameter, if it has one.
  fileprivate func sql(parameter: Int, in schema: String) -> (name: String, condition: String, type: PostgresType?) {
    switch self {
    case .id: ("id", "u.id = $\(parameter)", .bigint)
    case .email: ("email", "lower(u.email) = lower($\(parameter) COLLATE \"C\")", .text)
    case .hashedPassword: ("hash", "u.hashed_password = $\(parameter)", .text)
    case .sessionID(nil): ("no_session", "u.session_id IS NULL", nil)
    case .resetToken(nil): ("no_token", "u.reset_token IS NULL", nil)
    // By the tables that have an index; the columns of `users` have none.
    case .sessionID:
      (
        "session",
        "u.id = (SELECT user_id FROM \(schema).sessions WHERE id = $\(parameter)) AND u.session_id = encode($\(parameter), 'hex')",
        .bytes
      )
    case .resetToken:
      (
        "token",
        "u.id = (SELECT user_id FROM \(schema).reset_tokens WHERE id = $\(parameter)) AND u.reset_token = encode($\(parameter), 'hex')",
        .bytes
      )
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

  fileprivate func addValue(to query: inout PostgresQuery) {
    switch self {
    case .id(let id): query.add(id)
    case .email(let email): query.add(email.text)
    case .hashedPassword(let hash): query.add(hash.text)
    case .sessionID(let digest?), .resetToken(let digest?): query.add(DigestBytes(digest))
    case .sessionID(nil), .resetToken(nil): break
    }
  }
}
#endif
