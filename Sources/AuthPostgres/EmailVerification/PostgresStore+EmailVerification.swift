#if Postgres
public import AuthCore

extension PostgresStore {
  /// Saves a registration: ``AuthCore/VerificationStore/addRegistration(_:queueing:limit:)``.
  public func addRegistration(
    _ registration: Registration, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> Bool {
    try await write(statements.addRegistration, repeating: .safe) { query throws(StoreError) in
      try query.add(registration, queueing: message, limit: limit)
    } _: {
      $0.boolean(0, 0)
    }
  }

  /// Gives a registration a challenge: ``AuthCore/VerificationStore/challengeRegistration(_:with:now:)``.
  public func challengeRegistration(
    _ id: Registration.ID, with challenge: Registration.Challenge, now: Timestamp
  ) async throws(StoreError) -> Registration? {
    guard let id = DigestBytes(id) else { return nil }
    return try await write(statements.challengeRegistration, repeating: .safe) { query throws(StoreError) in
      query.add(id)
      query.add(now.secondsSince1970)
      query.add(try challenge.token.storable)
      query.add(try challenge.code.storable)
      query.add(challenge.codeExpiresAt.secondsSince1970)
    } _: {
      $0.registrationIfAny
    }
  }

  /// Counts a try: ``AuthCore/VerificationStore/tryRegistration(_:limit:now:)``.
  public func tryRegistration(
    _ proof: Registration.Proof, limit: Int, now: Timestamp
  ) async throws(StoreError) -> Registration? {
    var (token, id, code): (DigestBytes?, DigestBytes?, DigestBytes?)
    switch proof {
    case .token(let digest):
      token = DigestBytes(digest)
      if token == nil { return nil }
    case .code(let digest, let registration):
      (id, code) = (DigestBytes(registration), DigestBytes(digest))
      if id == nil { return nil }
    }
    return try await write(statements.tryRegistration, repeating: .none) { [token, id, code] query in
      query.add(token)
      query.add(id)
      query.add(code)
      query.add(now.secondsSince1970)
      query.add(limit)
    } _: {
      $0.registrationIfAny
    }
  }

  /// Completes a registration: ``AuthCore/VerificationStore/completeRegistration(_:ifPassword:now:)``.
  public func completeRegistration(
    _ registration: Registration, ifPassword expected: PasswordHash?, now: Timestamp
  ) async throws(StoreError) -> Registration.Completion {
    guard let bytes = DigestBytes(registration.id) else { throw .noResultFound }
    // Once it is completed, nothing leads from the registration to the user whom it had added.
    let added = try await read(statements.userOfRegistration) { query in
      query.add(bytes)
    } _: {
      $0.count > 0 ? $0.integer(0, 0) : nil
    }
    return try await write(statements.completeRegistration, repeating: .announced) { query in
      query.add(bytes)
      query.add(registration.email.text)
      query.add(registration.hashedPassword.text)
      query.add(expected?.text)
      query.add(now.secondsSince1970)
      query.add(added)
    } _: { result throws(StoreError) in
      switch result.integer(0, 0) {
      case 0: throw .noResultFound
      case 1: throw .emailTaken
      case 2: .passwordChanged
      case 3: .created(result.user(0, 1))
      case 4: .verified(result.user(0, 1))
      default: .replaced(result.integer(0, 6), by: result.user(0, 1))
      }
    }
  }

  /// When an email was verified: ``AuthCore/VerificationStore/emailVerifiedAt(_:)``.
  public func emailVerifiedAt(_ id: User.ID) async throws(StoreError) -> Timestamp? {
    try await read(statements.emailVerifiedAt) { query in
      query.add(id)
    } _: {
      $0.count > 0 ? Timestamp(secondsSince1970: $0.integer(0, 0)) : nil
    }
  }
}

extension PostgresQuery {
  /// The parameters of a registration and its message.
  mutating func add(_ registration: Registration, queueing message: OutboxMessage, limit: Int) throws(StoreError) {
    add(try registration.id.storable)
    add(registration.email.text)
    add(registration.hashedPassword.text)
    add(registration.createdAt.secondsSince1970)
    add(registration.expiresAt.secondsSince1970)
    add(message)
    add(limit)
  }
}

extension PostgresResult {
  /// The registration in the first five columns, if there is a row.
  fileprivate var registrationIfAny: Registration? {
    guard count > 0 else { return nil }
    return Registration(
      id: digest(0, 0), email: Email(stored: text(0, 1)), hashedPassword: PasswordHash(text(0, 2)),
      createdAt: Timestamp(secondsSince1970: integer(0, 3)), expiresAt: Timestamp(secondsSince1970: integer(0, 4)))
  }
}
#endif
