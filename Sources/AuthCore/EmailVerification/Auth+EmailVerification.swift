extension OutboxMessage.Kind {
  /// What a registration sends: a link and a code or, where an account has the email, that it has one.
  public static let emailVerification = Self(rawValue: "email_verification")
  /// That someone has tried to register an email that has an account.
  public static let accountExists = Self(rawValue: "account_exists")
}

extension Auth {
  /// Asks for an account, which exists once its email is verified, and queues a message to the email:
  /// ``deliverNextMessage(through:)`` issues a link and a code and delivers them.
  ///
  /// It does the same for an email that has an account, whose owner is told so, and thus tells no one which accounts exist.
  ///
  /// - Returns: what must come with the code: ``verifyEmail(code:of:from:)``.
  /// - Throws: ``AuthError/registrationClosed``, ``AuthError/invalidEmail(_:)``, ``AuthError/invalidPassword(_:)``,
  ///   ``AuthError/throttled(retryAfter:)``; ``AuthError/unavailable(_:)`` while ``maximumRegistrations`` wait.
  public func requestRegistration(
    email text: String, password: String, from client: Client
  ) async throws(AuthError) -> RegistrationID {
    guard policy.registration == .open else { throw .registrationClosed }
    let email = try policy.newEmail(text)
    let password = try policy.newPassword(password, for: email)
    try await settle(
      .registration(of: email, from: client, under: policy.throttling, at: clock.now), of: nil, email: text, from: client)
    let (id, registration, message) = newRegistration(of: email, try await hashed(new: password))
    let isAdded: Bool
    do {
      isAdded = try await store.addRegistration(registration, queueing: message, limit: Self.maximumRegistrations)
    } catch {
      throw AuthError(error)
    }
    guard isAdded else { throw Self.tooManyRegistrations }
    record(.registrationRequested, of: nil, email: text, from: client)
    return id
  }

  /// Creates the account of a registration with the token of its link and its password. Both are needed: the token shows that its
  /// holder reads the email, and the password that it was they who registered, so that no account gets a password that someone
  /// else has chosen.
  ///
  /// If the registration has already opened its account, this verifies it. The password is then that which the account has now:
  /// one that was in force before does not show that its holder knows who can log in.
  ///
  /// An unverified account that another registration of the email has opened is deleted.
  ///
  /// - Throws: ``AuthError/invalidVerification``, which counts for the client's network; ``AuthError/wrongPassword``, which
  ///   counts as a try; ``AuthError/throttled(retryAfter:)``, ``AuthError/userExists(email:)``, ``AuthError/conflict``.
  @discardableResult
  public func verifyEmail(
    token: VerificationToken, password: String, from client: Client
  ) async throws(AuthError) -> User {
    let registration = try await registration(.token(token.digest), from: client)
    // The account's hash may be replaced while this one is computed.
    for _ in 1...3 {
      let hash = try await passwordHash(for: registration)
      guard try await isRight(password, for: hash) else {
        record(.verificationRefused, of: nil, email: registration.email.text, from: client)
        throw .wrongPassword
      }
      if let user = try await complete(registration, ifPassword: hash, from: client) { return user }
    }
    throw .conflict
  }

  /// Creates or verifies the account of a registration, as ``verifyEmail(token:password:from:)`` does, with the code of its
  /// message.
  ///
  /// - Parameters:
  ///   - code: what the person typed.
  ///   - id: from the client that registered; a code is worth nothing to any other.
  ///   - client: whose attempt this is.
  /// - Throws: ``AuthError/invalidVerification``, also for a code that is not right, which counts for the client's network;
  ///   ``AuthError/throttled(retryAfter:)``, ``AuthError/userExists(email:)``.
  @discardableResult
  public func verifyEmail(
    code: VerificationCode, of id: RegistrationID, from client: Client
  ) async throws(AuthError) -> User {
    let registration = try await registration(.code(code.digest, of: id.digest), from: client)
    guard let user = try await complete(registration, ifPassword: nil, from: client) else { throw .conflict }
    return user
  }

  /// When the user's email was verified; nil if it was not.
  public func emailVerifiedAt(_ id: User.ID) async throws(AuthError) -> Timestamp? {
    do { return try await store.emailVerifiedAt(id) } catch { throw AuthError(error) }
  }

  /// How many registrations may wait to be delivered.
  public static let maximumRegistrations = 10_000

  /// The message of a registration, and the account that has its email; nil when the registration has ended.
  func verificationMessage(for stored: OutboxMessage) async throws(AuthError) -> (AuthMessage, User.ID?)? {
    if let user = try await user(with: stored.email), try await unverifiedAccount(of: user.id) == nil {
      return (AuthMessage(id: stored.id, email: user.email, content: .accountExists(at: stored.createdAt)), user.id)
    }
    let (token, code) = (VerificationToken(policy.tokenFormat.makeToken(random)), VerificationCode(random))
    let challenge = Registration.Challenge(
      token: token.digest, code: code.digest, codeExpiresAt: clock.now + policy.emailVerification.codeLifetime)
    let registration: Registration?
    do {
      registration = try await store.challengeRegistration(
        TokenDigest(hex: stored.payload ?? ""), with: challenge, now: clock.now)
    } catch {
      throw AuthError(error)
    }
    guard let registration else { return nil }
    let content = AuthMessage.Content.emailVerification(
      token, code, expiresAt: registration.expiresAt, codeExpiresAt: min(challenge.codeExpiresAt, registration.expiresAt))
    return (AuthMessage(id: stored.id, email: registration.email, content: content), nil)
  }

  /// A registration with the secret of its client, and its message.
  func newRegistration(of email: Email, _ hash: PasswordHash) -> (RegistrationID, Registration, OutboxMessage) {
    let (id, now) = (RegistrationID(policy.tokenFormat.makeToken(random)), clock.now)
    let registration = Registration(
      id: id.digest, email: email, hashedPassword: hash, createdAt: now,
      expiresAt: now + policy.emailVerification.registrationLifetime)
    return (id, registration, newMessage(.emailVerification, to: email, of: nil, payload: registration.id.hex))
  }

  static let tooManyRegistrations = AuthError.unavailable(
    "\(maximumRegistrations) registrations are waiting to be delivered")

  private func registration(_ proof: Registration.Proof, from client: Client) async throws(AuthError) -> Registration {
    let found = try await lookUp(from: client) { () throws(AuthError) -> Registration? in
      do throws(StoreError) {
        return try await store.tryRegistration(proof, limit: policy.emailVerification.maximumTries, now: clock.now)
      } catch {
        throw AuthError(error)
      }
    }
    if let found { return found }
    record(.verificationRefused, of: nil, from: client)
    throw .invalidVerification
  }

  /// The hash of the account that the registration has opened, or else that of the one it is to have.
  private func passwordHash(for registration: Registration) async throws(AuthError) -> PasswordHash {
    guard let user = try await user(with: registration.email),
      try await unverifiedAccount(of: user.id)?.registration == registration.id
    else { return registration.hashedPassword }
    return user.hashedPassword
  }

  private func isRight(_ password: String, for hash: PasswordHash) async throws(AuthError) -> Bool {
    for candidate in policy.candidatePasswords(password) {
      do throws(PasswordHasherError) {
        if try await hasher.verify(candidate, against: hash) { return true }
      } catch {
        throw AuthError(error)
      }
    }
    return false
  }

  /// The user; nil if the hash was no longer the expected one.
  private func complete(
    _ registration: Registration, ifPassword expected: PasswordHash?, from client: Client
  ) async throws(AuthError) -> User? {
    let completion: Registration.Completion
    do {
      completion = try await store.completeRegistration(registration, ifPassword: expected, now: clock.now)
    } catch {
      switch error {
      case .noResultFound: throw .invalidVerification
      case .emailTaken: throw .userExists(email: registration.email.text)
      default: throw AuthError(error)
      }
    }
    switch completion {
    case .passwordChanged:
      return nil
    case .verified(let user):
      record(.emailVerified, of: user.id, from: client)
      return user
    case .replaced(let former, by: let user):
      record(.userDeleted, of: former, from: client)
      return recordCreation(of: user, from: client)
    case .created(let user):
      return recordCreation(of: user, from: client)
    }
  }

  private func recordCreation(of user: User, from client: Client) -> User {
    record(.userCreated, of: user.id, from: client)
    record(.emailVerified, of: user.id, from: client)
    return user
  }
}
