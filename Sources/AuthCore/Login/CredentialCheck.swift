/// The check of a password, from the lookup until its attempt is counted.
///
/// A login costs the store one read, which begins the check, and one write, which counts the attempt and opens the session. The
/// response waits for the write: once one of several simultaneous guesses has begun a delay, none of those counted after it is
/// confirmed.
struct CredentialCheck {
  /// The attempt, to be counted with its result.
  let attempt: Throttle.Attempt
  /// The email that came with the password.
  let email: String
  /// The user whose password it is; nil if no account has the email.
  let user: User?
  /// Whether that user is disabled, so that no password passes.
  let isOfDisabledUser: Bool
  /// The client that sent the password.
  let client: Client
}

/// A user together with the password that was found to be theirs.
struct VerifiedUser {
  let user: User
  /// The password in the form in which it would be stored today.
  let password: Password
  /// Whether the stored hash was made from exactly that form.
  let isCurrentForm: Bool
}

extension Auth {
  /// Begins a check of the password that comes with an email. A malformed email is treated as one that no account has.
  ///
  /// A delayed network is refused before any work is done for it. A delayed email is not: its password is still checked, but the
  /// result is withheld, so that the response time says nothing about an email.
  ///
  /// - Parameter sessionID: the client's current session, if it has one.
  /// - Throws: ``AuthError/throttled(retryAfter:)`` during a delay of the network, unless the user is known there.
  func beginCheck(
    email text: String, with sessionID: SessionID? = nil, from client: Client
  ) async throws(AuthError) -> CredentialCheck {
    var attempt = Throttle.Attempt.login(text, from: client, under: policy.throttling, at: clock.now)
    let found: (user: User?, isDisabled: Bool, unverifiedUntil: Timestamp?, counters: [Throttle.Counter])
    do { found = try await store.findUser(email: try? Email(text), counters: attempt.keysBeforeCheck) } catch {
      throw AuthError(error)
    }
    // An account that has ended counts for nothing, whether it is purged or not.
    let user = found.unverifiedUntil.map { $0 > clock.now } ?? true ? found.user : nil
    if let delay = attempt.delayBeforeCheck(found.counters) {
      // Looked up only here, where it matters.
      guard let user, let sessionID, try await self.user(for: sessionID)?.id == user.id else {
        throw refusal(retryAfter: delay, of: nil, email: text, from: client)
      }
      attempt.isFromKnownDevice = true
      if let delay = attempt.delayBeforeCheck(found.counters) {
        throw refusal(retryAfter: delay, of: user.id, from: client)
      }
    }
    return CredentialCheck(
      attempt: attempt, email: text, user: user, isOfDisabledUser: found.isDisabled, client: client)
  }

  /// The user, if the password is theirs and they are not disabled; otherwise counts a failure.
  ///
  /// The password of a disabled user is checked like any other, so that the time tells nothing.
  ///
  /// - Throws: ``AuthError/throttled(retryAfter:)`` during a delay, if the password does not pass.
  func pass(_ check: CredentialCheck, with password: String) async throws(AuthError) -> VerifiedUser? {
    let verified = try await verify(password, of: check.user)
    if let verified, !check.isOfDisabledUser { return verified }
    try await fail(check)
    if let verified { record(.loginDisabled, of: verified.user.id, from: check.client) }
    return nil
  }

  /// Counts a failure.
  ///
  /// - Throws: ``AuthError/throttled(retryAfter:)`` during a delay.
  func fail(_ check: CredentialCheck) async throws(AuthError) {
    let outcome = try await settle(check, isSuccess: false)
    record(.loginFailed, of: check.user?.id, email: check.email, from: check.client)
    if outcome == .beginsDelay { record(.loginLocked, of: check.user?.id, email: check.email, from: check.client) }
  }

  /// Counts the attempt with its result.
  ///
  /// - Throws: ``AuthError/throttled(retryAfter:)`` during a delay.
  @discardableResult
  func settle(_ check: CredentialCheck, isSuccess: Bool) async throws(AuthError) -> Throttle.Outcome {
    var attempt = check.attempt.ended(isSuccess: isSuccess, at: clock.now)
    if !isSuccess, let user = check.user { attempt.alert = alert(to: user, from: check.client) }
    return try await settle(attempt, of: check.user?.id, email: check.email, from: check.client)
  }

  /// The user of a session, if the password is theirs. It counts like a login from a known device.
  ///
  /// - Throws: ``AuthError/wrongPassword``, ``AuthError/throttled(retryAfter:)``.
  func verifyCurrentPassword(_ password: String, of user: User, from client: Client) async throws(AuthError) -> VerifiedUser {
    var attempt = Throttle.Attempt.login(user.email.text, from: client, under: policy.throttling, at: clock.now)
    attempt.isFromKnownDevice = true
    try await refuseBeforeCheck(attempt, of: user.id, from: client)
    // Who is disabled has no session.
    let check = CredentialCheck(
      attempt: attempt, email: user.email.text, user: user, isOfDisabledUser: false, client: client)
    guard let verified = try await verify(password, of: user) else {
      try await fail(check)
      record(.passwordCheckFailed, of: user.id, from: client)
      throw .wrongPassword
    }
    try await settle(check, isSuccess: true)
    return verified
  }

  /// The user, if the password is theirs. A user who does not exist costs as much as a wrong password, and so does a malformed
  /// password.
  func verify(_ password: String, of user: User?) async throws(AuthError) -> VerifiedUser? {
    let candidates = policy.candidatePasswords(password)
    guard let current = candidates.first else {
      _ = try await verify(.placeholder, against: nil)
      return nil
    }
    // All of them, even after one was right: during a delay the result is withheld, and the time must not reveal it.
    var verified: VerifiedUser?
    for (index, candidate) in candidates.enumerated() {
      let isRight = try await verify(candidate, against: user?.hashedPassword)
      if isRight, verified == nil, let user {
        verified = VerifiedUser(user: user, password: current, isCurrentForm: index == 0)
      }
    }
    return verified
  }

  private func verify(_ password: Password, against hash: PasswordHash?) async throws(AuthError) -> Bool {
    do { return try await hasher.verify(password, against: hash) } catch { throw AuthError(error) }
  }
}
