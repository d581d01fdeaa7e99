extension Auth {
  /// A user together with the password that was found to be theirs.
  struct CheckedUser {
    let user: User
    /// The password in the form in which it would be stored today.
    let password: Password
    /// Whether the stored hash was made from exactly that form.
    let isCurrentForm: Bool
  }

  /// The user with this address, if the password is theirs. A malformed address or password goes on as one that no account has,
  /// so that it costs what a wrong one costs.
  ///
  /// - Throws: ``AuthError/throttled(retryAfter:)``.
  func check(email: String, password: String) async throws(AuthError) -> CheckedUser? {
    let attempt = Attempt(on: email, from: client, under: policy)
    try await refuseIfNetworkPauses(attempt)
    let user: User? = if let email = try? Email(email) { try await self.user(with: email) } else { nil }
    let checked = try await verify(password, of: user)
    try await settle(attempt, on: user?.id, succeeded: checked != nil)
    return checked
  }

  /// The user, if the password is theirs, for whom it counts like a login.
  ///
  /// - Throws: ``AuthError/throttled(retryAfter:)``.
  func check(_ user: User, password: String) async throws(AuthError) -> CheckedUser? {
    let attempt = Attempt(on: user.email.text, from: client, under: policy)
    try await refuseIfNetworkPauses(attempt)
    let checked = try await verify(password, of: user)
    try await settle(attempt, on: user.id, succeeded: checked != nil)
    return checked
  }

  /// Replaces a hash made by weaker settings, now that its password is known. A failure changes nothing for the caller: whoever
  /// knows the password is let in, and the next check tries again.
  func rehash(_ checked: CheckedUser) async {
    let old = checked.user.hashedPassword
    guard !checked.isCurrentForm || hasher.needsRehash(old) else { return }
    guard let new = try? await hasher.hash(checked.password) else { return }
    _ = try? await store.replaceHashedPassword(of: checked.user.id, old, with: new)
  }

  private func verify(_ password: String, of user: User?) async throws(AuthError) -> CheckedUser? {
    let candidates = policy.candidatePasswords(password)
    guard let current = candidates.first else {
      _ = try await verify(.placeholder, against: nil)
      return nil
    }
    // All of them, also after one was right: during a pause the answer is withheld, and the time to it must not tell.
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
