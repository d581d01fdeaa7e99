#if Postgres
public import AuthCore

extension PostgresStore {
  /// Saves a change: ``AuthCore/EmailChangeStore/addEmailChange(_:limit:)``.
  public func addEmailChange(_ request: EmailChange.Request, limit: Int) async throws(StoreError) -> EmailChange.Adding {
    guard let session = DigestBytes(request.session) else { return .outdated }
    return try await write(statements.addEmailChange, repeating: .safe) { query throws(StoreError) in
      let change = request.change
      query.add(try change.id.storable)
      query.add(change.userID)
      query.add(change.former.text)
      query.add(change.email.text)
      query.add(change.createdAt.secondsSince1970)
      query.add(change.expiresAt.secondsSince1970)
      query.add(session)
      try query.add(request.takeBack)
      query.add(request.message)
      query.add(limit)
      query.add(notice: request.notice)
    } _: {
      switch $0.integer(0, 0) {
      case 0: .outdated
      case 1: .outboxFull
      default: .added
      }
    }
  }

  /// Gives a change a challenge: ``AuthCore/EmailChangeStore/challengeEmailChange(_:with:now:)``.
  public func challengeEmailChange(
    _ id: EmailChange.ID, with challenge: EmailChange.Challenge, now: Timestamp
  ) async throws(StoreError) -> EmailChange? {
    guard let id = DigestBytes(id) else { return nil }
    return try await write(statements.challengeEmailChange, repeating: .safe) { query throws(StoreError) in
      query.add(id)
      query.add(now.secondsSince1970)
      query.add(try challenge.token.storable)
      query.add(try challenge.code.storable)
      query.add(challenge.codeExpiresAt.secondsSince1970)
    } _: {
      $0.emailChangeIfAny
    }
  }

  /// Counts a try: ``AuthCore/EmailChangeStore/tryEmailChange(_:limit:now:)``.
  public func tryEmailChange(
    _ proof: EmailChange.Proof, limit: Int, now: Timestamp
  ) async throws(StoreError) -> EmailChange? {
    var (token, user, code): (DigestBytes?, User.ID?, DigestBytes?)
    switch proof {
    case .token(let digest):
      token = DigestBytes(digest)
      if token == nil { return nil }
    case .code(let digest, let id):
      (user, code) = (id, DigestBytes(digest))
    }
    return try await write(statements.tryEmailChange, repeating: .none) { [token, user, code] query in
      query.add(token)
      query.add(user)
      query.add(code)
      query.add(now.secondsSince1970)
      query.add(limit)
    } _: {
      $0.emailChangeIfAny
    }
  }

  /// Changes an email: ``AuthCore/EmailChangeStore/confirmEmailChange(_:)``.
  public func confirmEmailChange(
    _ confirmation: EmailChange.Confirmation
  ) async throws(StoreError) -> (user: User, replaced: User.ID?) {
    guard let id = DigestBytes(confirmation.change.id) else { throw .noResultFound }
    return try await write(statements.confirmEmailChange, repeating: .announced) { query throws(StoreError) in
      query.add(id)
      query.add(confirmation.change.userID)
      query.add(confirmation.change.email.text)
      query.add(confirmation.now.secondsSince1970)
      try query.add(confirmation.takeBack)
      query.add(confirmation.moves.map(\.from))
      query.add(confirmation.moves.map(\.to))
      query.add(notice: confirmation.notice)
    } _: { result throws(StoreError) in
      switch result.integer(0, 0) {
      case 0: throw .noResultFound
      case 1: throw .emailTaken
      default: (user: result.user(0, 1), replaced: result.integerIfAny(0, 6))
      }
    }
  }

  /// Gives a right a token: ``AuthCore/EmailChangeStore/issueTakeBackToken(_:for:now:)``.
  public func issueTakeBackToken(
    _ token: TokenDigest, for id: EmailTakeBack.ID, now: Timestamp
  ) async throws(StoreError) -> EmailTakeBack? {
    guard let id = DigestBytes(id) else { return nil }
    return try await write(statements.issueTakeBackToken, repeating: .safe) { query throws(StoreError) in
      query.add(id)
      query.add(now.secondsSince1970)
      query.add(try token.storable)
    } _: {
      $0.count > 0 ? $0.takeBack(0) : nil
    }
  }

  /// Finds a right: ``AuthCore/EmailChangeStore/findTakeBack(withToken:now:)``.
  public func findTakeBack(
    withToken token: TokenDigest, now: Timestamp
  ) async throws(StoreError) -> (takeBack: EmailTakeBack, user: User)? {
    guard let bytes = DigestBytes(token) else { return nil }
    return try await read(statements.takeBackWithToken) { query in
      query.add(bytes)
      query.add(now.secondsSince1970)
    } _: {
      $0.count > 0 ? ($0.takeBack(0), $0.user(0, 5)) : nil
    }
  }

  /// Takes an email back: ``AuthCore/EmailChangeStore/takeBackEmail(_:)``.
  public func takeBackEmail(_ use: EmailTakeBack.Use) async throws(StoreError) -> EmailTakeBack.Outcome {
    // Its user's row is locked first, and once the token is used, nothing leads from it to them.
    guard let bytes = DigestBytes(use.token), let user = try await findTakeBack(withToken: use.token, now: use.now)?.user else {
      return .refused
    }
    return try await write(statements.takeBackEmail, repeating: .announced) { query in
      query.add(bytes)
      query.add(user.id)
      query.add(use.present.text)
      query.add(use.now.secondsSince1970)
      query.add(use.hash.text)
      query.add(use.clearedCounters)
      query.add(use.recoveryEmailAge.components.seconds)
      query.add(notices: use.notices)
    } _: { result throws(StoreError) in
      switch result.integer(0, 0) {
      case 0: .refused
      case 1: .outdated
      case 2: .takenBack(result.user(0, 1))
      default: throw .emailTaken
      }
    }
  }
}

extension PostgresQuery {
  /// The four parameters of a right but its user.
  fileprivate mutating func add(_ takeBack: EmailTakeBack) throws(StoreError) {
    add(try takeBack.id.storable)
    add(takeBack.email.text)
    add(takeBack.createdAt.secondsSince1970)
    add(takeBack.expiresAt.secondsSince1970)
  }

  /// Seven arrays, one for each column of a message.
  fileprivate mutating func add(notices: [OutboxMessage]) {
    add(notices.map { Optional($0.id) })
    add(notices.map { Optional($0.kind.rawValue) })
    add(notices.map(\.userID))
    add(notices.map { Optional($0.email.text) })
    add(notices.map(\.payload))
    add(notices.map { Optional($0.createdAt.secondsSince1970) })
    add(notices.map { Optional(Int64($0.tries)) })
  }
}

extension PostgresResult {
  /// The change in the first six columns, if there is a row.
  fileprivate var emailChangeIfAny: EmailChange? {
    guard count > 0 else { return nil }
    return EmailChange(
      id: digest(0, 0), userID: integer(0, 1), from: Email(stored: text(0, 2)), to: Email(stored: text(0, 3)),
      createdAt: timestamp(0, 4), expiresAt: timestamp(0, 5))
  }

  /// The right in five columns from the first on.
  fileprivate func takeBack(_ row: Int) -> EmailTakeBack {
    EmailTakeBack(
      id: digest(row, 0), userID: integer(row, 1), email: Email(stored: text(row, 2)), createdAt: timestamp(row, 3),
      expiresAt: timestamp(row, 4))
  }
}
#endif
