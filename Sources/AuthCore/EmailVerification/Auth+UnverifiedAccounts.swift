/// The result of opening an account before its email is verified.
public struct UnverifiedRegistration: Sendable {
  /// What must come with the code of the message: ``Auth/verifyEmail(code:of:from:)``.
  public let id: RegistrationID
  /// The user; nil where an unverified account has the email. Then the registration waits beside it, and its verification deletes
  /// that account.
  public let user: User?
}

extension Auth {
  /// Opens an account that is used at once, and queues a message to its email, with which its owner verifies it:
  /// ``verifyEmail(token:password:from:)``, ``verifyEmail(code:of:from:)``. Until then no reset token is issued for it, and after
  /// ``AuthPolicy/EmailVerification/registrationLifetime`` it ends.
  ///
  /// An email whose account is unverified is not taken: anyone may have registered it. Its registration waits like one of
  /// ``requestRegistration(email:password:from:)``, and its verification deletes that account. So the owner of an email gets an
  /// account that no one else has ever used, even if others were first.
  ///
  /// - Throws: ``AuthError/registrationClosed``, ``AuthError/userExists(email:)`` for an account that is not unverified,
  ///   ``AuthError/invalidEmail(_:)``, ``AuthError/invalidPassword(_:)``, ``AuthError/throttled(retryAfter:)``,
  ///   ``AuthError/verificationRequired`` under a policy that requires the verification before a login;
  ///   ``AuthError/unavailable(_:)`` while ``maximumRegistrations`` wait.
  public func openUnverifiedAccount(
    email text: String, password: String, from client: Client
  ) async throws(AuthError) -> UnverifiedRegistration {
    guard policy.emailVerification.requirement != .beforeLogin else { throw .verificationRequired }
    guard policy.registration == .open else { throw .registrationClosed }
    let email = try policy.newEmail(text)
    let password = try policy.newPassword(password, for: email)
    try await settle(
      .registration(of: email, from: client, under: policy.throttling, at: clock.now), of: nil, email: text, from: client)
    // Only to spare the hash: another registration may still come first, and the store decides.
    if let user = try await user(with: email), try await unverifiedAccount(of: user.id) == nil {
      throw .userExists(email: email.text)
    }
    let (id, registration, message) = newRegistration(of: email, try await hashed(new: password))
    let opening: Registration.Opening
    do {
      opening = try await store.openUnverifiedAccount(registration, queueing: message, limit: Self.maximumRegistrations)
    } catch .emailTaken {
      throw .userExists(email: email.text)
    } catch {
      throw AuthError(error)
    }
    switch opening {
    case .opened(let user):
      record(.userCreated, of: user.id, from: client)
      return UnverifiedRegistration(id: id, user: user)
    case .waits:
      record(.registrationRequested, of: nil, email: text, from: client)
      return UnverifiedRegistration(id: id, user: nil)
    case .outboxFull:
      throw Self.tooManyRegistrations
    }
  }

  /// When the user's account ends, because its email is not verified; nil for an account that is not unverified, or does not
  /// exist.
  public func unverifiedUntil(_ id: User.ID) async throws(AuthError) -> Timestamp? {
    try await unverifiedAccount(of: id)?.expiresAt
  }

  /// Makes an unverified account one like any other, on the word of an operator. Registrations of its email are void.
  /// ``emailVerifiedAt(_:)`` stays nil.
  ///
  /// - Parameters:
  ///   - id: the id of the user.
  ///   - client: whose request this is, for the events.
  /// - Returns: whether the account was unverified.
  /// - Throws: ``AuthError/unknownUserID``.
  @discardableResult
  public func vouchForEmail(of id: User.ID, from client: Client) async throws(AuthError) -> Bool {
    let wasUnverified: Bool
    do { wasUnverified = try await store.vouchForEmail(of: id) } catch { throw AuthError(ofUser: error) }
    if wasUnverified { record(.emailVouchedFor, of: id, from: client) }
    return wasUnverified
  }

  /// Refuses to recover an unverified account. What sends a secret to an email of the account that lets its reader in asks this
  /// first, or a store that refuses it in the same transaction, as ``ResetTokenStore/addResetToken(_:for:)`` does.
  ///
  /// - Throws: ``AuthError/emailNotVerified`` for an unverified account, which nothing recovers.
  func requireRecoverable(_ id: User.ID) async throws(AuthError) {
    if try await unverifiedAccount(of: id) != nil { throw .emailNotVerified }
  }

  /// Whether the account is unverified and has ended, so that it counts for nothing.
  func hasEnded(_ id: User.ID) async throws(AuthError) -> Bool {
    guard let end = try await unverifiedAccount(of: id)?.expiresAt else { return false }
    return end <= clock.now
  }

  func unverifiedAccount(of id: User.ID) async throws(AuthError) -> UnverifiedAccount? {
    do { return try await store.unverifiedAccount(id) } catch { throw AuthError(error) }
  }
}
