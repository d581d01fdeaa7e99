/// The check of a password, before the attempt is counted.
///
/// Each login costs the store one read, which begins the check, and one write, which counts the attempt and opens the session.
/// The response waits for the write: once one of several simultaneous guesses has begun a delay, none of those counted after it
/// is confirmed.
struct CredentialCheck {
  /// The user, if the password is theirs.
  let user: CheckedUser?
  /// The user that the email belongs to, whatever the password.
  let userID: User.ID?
  /// The attempt, to be settled with its result.
  let attempt: Throttle.Attempt
  /// Whose attempt it is.
  let client: Client
}

/// A user together with the password that was found to be theirs.
struct CheckedUser {
  let user: User
  /// The password in the form in which it would be stored today.
  let password: Password
  /// Whether the stored hash was made from exactly that form.
  let isCurrentForm: Bool
}

extension Auth {
  /// Checks a password. A malformed email or password is treated as one that no account has, so that it costs as much as a wrong
  /// one.
  ///
  /// A delayed network is refused before any work is done for it. A delayed email is not: its password is still checked, but the
  /// result is withheld, so that the response time says nothing about an email.
  ///
  /// - Throws: ``AuthError/throttled(retryAfter:)`` during a delay of the network.
  func check(email text: String, password: String, from client: Client) async throws(AuthError) -> CredentialCheck {
    let attempt = Throttle.Attempt.login(text, from: client, under: policy.throttling, at: clock.now)
    let network = attempt.ofNetwork
    let (user, counters): (User?, [Throttle.Counter])
    do { (user, counters) = try await store.findUser(email: try? Email(text), counters: network.keys) } catch {
      throw AuthError(error)
    }
    if let delay = network.delay(counters) { throw throttled(delay, nil, from: client) }
    return CredentialCheck(
      user: try await verify(password, of: user), userID: user?.id, attempt: attempt, client: client)
  }

  /// The user of a session, if the password is theirs. It counts like a login.
  ///
  /// - Throws: ``AuthError/wrongPassword``, ``AuthError/throttled(retryAfter:)``.
  func checkCurrentPassword(_ password: String, of user: User, from client: Client) async throws(AuthError) -> CheckedUser {
    let attempt = Throttle.Attempt.login(user.email.text, from: client, under: policy.throttling, at: clock.now)
    let network = attempt.ofNetwork
    if !network.limits.isEmpty {
      let counters: [Throttle.Counter]
      do { counters = try await store.findCounters(of: network.keys) } catch { throw AuthError(error) }
      if let delay = network.delay(counters) { throw throttled(delay, nil, from: client) }
    }
    guard let checked = try await verify(password, of: user) else {
      try await fail(CredentialCheck(user: nil, userID: user.id, attempt: attempt, client: client))
      record(.passwordCheckFailed, user.id, from: client)
      throw .wrongPassword
    }
    _ = try await settle(attempt.ended(isSuccess: true, at: clock.now), on: user.id, from: client)
    return checked
  }

  /// Counts a failure.
  ///
  /// - Throws: ``AuthError/throttled(retryAfter:)`` during a delay.
  func fail(_ check: CredentialCheck) async throws(AuthError) {
    let outcome = try await settle(check.attempt.ended(isSuccess: false, at: clock.now), on: check.userID, from: check.client)
    record(.loginFailed, check.userID, from: check.client)
    if outcome == .beginsDelay { record(.loginLocked, check.userID, from: check.client) }
  }

  private func verify(_ password: String, of user: User?) async throws(AuthError) -> CheckedUser? {
    let candidates = policy.candidatePasswords(password)
    guard let current = candidates.first else {
      _ = try await verify(.placeholder, against: nil)
      return nil
    }
    // All of them, even after one was right: during a delay the result is withheld, and the time must not reveal it.
    var checked: CheckedUser?
    for (index, candidate) in candidates.enumerated() {
      let isRight = try await verify(candidate, against: user?.hashedPassword)
      if isRight, checked == nil, let user {
        checked = CheckedUser(user: user, password: current, isCurrentForm: index == 0)
      }
    }
    return checked
  }

  private func verify(_ password: Password, against hash: PasswordHash?) async throws(AuthError) -> Bool {
    do { return try await hasher.verify(password, against: hash) } catch { throw AuthError(error) }
  }
}
