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
    let hash = try await hashed(new: password)
    let (id, now) = (RegistrationID(policy.tokenFormat.makeToken(random)), clock.now)
    let registration = Registration(
      id: id.digest, email: email, hashedPassword: hash, createdAt: now,
      expiresAt: now + policy.emailVerification.registrationLifetime)
    let message = newMessage(.emailVerification, to: email, of: nil, payload: registration.id.hex)
    let isAdded: Bool
    do {
      isAdded = try await store.addRegistration(registration, queueing: message, limit: Self.maximumRegistrations)
    } catch {
      throw AuthError(error)
    }
    guard isAdded else { throw .unavailable("\(Self.maximumRegistrations) registrations are waiting to be delivered") }
    record(.registrationRequested, of: nil, email: text, from: client)
    return id
  }

  /// Creates the account of a registration with the token of its link and its password. Both are needed: the token shows that its
  /// holder reads the email, and the password that it was they who registered, so that no account gets a password that someone
  /// else has chosen.
  ///
  /// - Throws: ``AuthError/invalidVerification``, which counts for the client's network; ``AuthError/wrongPassword``, which
  ///   counts as a try; ``AuthError/throttled(retryAfter:)``, ``AuthError/userExists(email:)``.
  @discardableResult
  public func verifyEmail(
    token: VerificationToken, password: String, from client: Client
  ) async throws(AuthError) -> User {
    let registration = try await registration(.token(token.digest), from: client)
    guard try await isRight(password, for: registration) else {
      record(.verificationRefused, of: nil, email: registration.email.text, from: client)
      throw .wrongPassword
    }
    return try await complete(registration, from: client)
  }

  /// Creates the account of a registration with the code of its message.
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
    try await complete(registration(.code(code.digest, of: id.digest), from: client), from: client)
  }

  /// When the user's email was verified; nil if it was not.
  public func emailVerifiedAt(_ id: User.ID) async throws(AuthError) -> Timestamp? {
    do { return try await store.emailVerifiedAt(id) } catch { throw AuthError(error) }
  }

  /// How many registrations may wait to be delivered.
  public static let maximumRegistrations = 10_000

  /// The message of a registration, and the account that has its email; nil when the registration has ended.
  func verificationMessage(for stored: OutboxMessage) async throws(AuthError) -> (AuthMessage, User.ID?)? {
    if let user = try await user(with: stored.email) {
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

  private func isRight(_ password: String, for registration: Registration) async throws(AuthError) -> Bool {
    for candidate in policy.candidatePasswords(password) {
      do throws(PasswordHasherError) {
        if try await hasher.verify(candidate, against: registration.hashedPassword) { return true }
      } catch {
        throw AuthError(error)
      }
    }
    return false
  }

  private func complete(_ registration: Registration, from client: Client) async throws(AuthError) -> User {
    let user: User
    do { user = try await store.completeRegistration(registration, now: clock.now) } catch {
      switch error {
      case .noResultFound: throw .invalidVerification
      case .emailTaken: throw .userExists(email: registration.email.text)
      default: throw AuthError(error)
      }
    }
    record(.userCreated, of: user.id, from: client)
    record(.emailVerified, of: user.id, from: client)
    return user
  }
}
