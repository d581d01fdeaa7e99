extension Auth {
  /// Creates an account. If several calls register the same email, in any ASCII letter case, exactly one succeeds.
  ///
  /// Under a policy that requires the verification of emails, no account can be created without. Before a login,
  /// ``requestRegistration(email:password:from:)`` takes its place; before a recovery,
  /// ``openUnverifiedAccount(email:password:from:)``.
  ///
  /// - Throws: ``AuthError/registrationClosed``, ``AuthError/userExists(email:)``, ``AuthError/invalidEmail(_:)``,
  ///   ``AuthError/invalidPassword(_:)``, ``AuthError/throttled(retryAfter:)``, ``AuthError/verificationRequired``.
  public func register(
    email: String, password: String, from client: Client
  ) async throws(AuthError) -> User {
    guard policy.registration == .open else { throw .registrationClosed }
    guard policy.emailVerification.requirement == .off else { throw .verificationRequired }
    let email = try policy.newEmail(email)
    let password = try policy.newPassword(password, for: email)
    try await settle(
      .registration(from: client, under: policy.throttling, at: clock.now), of: nil, email: email.text, from: client)
    // Only to spare the hash: another registration may still come first, and the store decides.
    guard try await user(with: email) == nil else { throw .userExists(email: email.text) }
    let hash = try await hashed(new: password)
    let user = try await addUser(email: email, hashedPassword: hash)
    record(.userCreated, of: user.id, from: client)
    return user
  }

  /// Creates an account with the hash that another system has of its password. Nothing is hashed: the owner logs in with the
  /// password they have, and the first login replaces the hash with a current one, unless its cost is higher than the hasher's.
  ///
  /// The email must satisfy the policy as in ``register(email:password:from:)``. **The password is not checked against the
  /// policy**, because it is not known.
  ///
  /// - Parameters:
  ///   - email: the email of the account.
  ///   - hash: exactly as the other system stores it. ``BcryptHasher`` accepts `$2a$`, `$2b$` and `$2y$`, both versions
  ///     of passlib's `$bcrypt-sha256$`, and Django's `bcrypt_sha256$`. `{bcrypt}`, `{BLF-CRYPT}`, `{CRYPT}`, `bcrypt$`,
  ///     `#jbcrypt:` and `1|`, which some systems put before a hash, are taken off.
  /// - Throws: ``AuthError/userExists(email:)``, ``AuthError/invalidEmail(_:)``, ``AuthError/unacceptableHash(_:)``.
  public func importUser(email: String, hash: String) async throws(AuthError) -> User {
    let email = try policy.newEmail(email)
    let user = try await addUser(email: email, hashedPassword: try acceptedHash(hash))
    record(.userImported, of: user.id, from: .unknown)
    return user
  }

  /// Deletes the account of a session with its sessions and tokens. Its email may be registered again.
  ///
  /// - Parameters:
  ///   - sessionID: the user's session.
  ///   - password: the current password; a wrong one counts as a failed login.
  ///   - client: whose attempt this is.
  /// - Returns: the id that the account had.
  /// - Throws: ``AuthError/invalidSession``, ``AuthError/wrongPassword``, ``AuthError/throttled(retryAfter:)``,
  ///   ``AuthError/conflict``. In each case nothing has changed.
  @discardableResult
  public func deleteUser(sessionID: SessionID, password: String, from client: Client) async throws(AuthError) -> User.ID {
    let user = try await requireSession(sessionID).user
    let verified = try await verifyCurrentPassword(password, of: user, from: client)
    let isDeleted: Bool
    do {
      isDeleted = try await store.deleteUser(
        user.id, ifPassword: verified.user.hashedPassword,
        notice: accountNotice(.accountDeleted, to: user, payload: AccountDeletionCause.owner.rawValue))
    } catch {
      throw AuthError(error)
    }
    guard isDeleted else { throw .conflict }
    record(.userDeleted, of: user.id, from: client)
    return user.id
  }

  /// The hash of another system, if passwords can be checked against it.
  func acceptedHash(_ text: String) throws(AuthError) -> PasswordHash {
    do throws(PasswordHashProblem) {
      let hash = try PasswordHash(fromElsewhere: text)
      if let problem = hasher.problem(with: hash) { throw problem }
      return hash
    } catch {
      throw .unacceptableHash(error)
    }
  }

  /// The user with this email; nil if there is none.
  func user(with email: Email) async throws(AuthError) -> User? {
    do {
      return try await store.findUser(by: .email(email))
    } catch .noResultFound {
      return nil
    } catch {
      throw AuthError(error)
    }
  }

  private func addUser(email: Email, hashedPassword hash: PasswordHash) async throws(AuthError) -> User {
    do {
      return try await store.addUser(email: email, hashedPassword: hash)
    } catch .emailTaken {
      throw .userExists(email: email.text)
    } catch {
      throw AuthError(error)
    }
  }
}
