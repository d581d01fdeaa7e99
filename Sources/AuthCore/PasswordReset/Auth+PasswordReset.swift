/// A reset token on its way to the owner of the address.
public struct PasswordReset: Sendable {
  /// The user at the time of issue.
  public let user: User
  /// Send it to the address of the account, and nowhere else: whoever has it can set the password.
  public let token: ResetToken
  public let expiresAt: Timestamp
}

extension Auth {
  /// Issues a token with which the user sets a new password, once. It replaces an older one.
  ///
  /// - Throws: ``AuthError/unknownUser``.
  public func getResetPasswordToken(email: String) async throws(AuthError) -> PasswordReset {
    guard let email = try? Email(email) else { throw .unknownUser }
    let now = clock.now
    let token = ResetToken(policy.tokenFormat.makeToken(random))
    let issued = ResetToken.Record(id: token.digest, createdAt: now, expiresAt: now + policy.passwordReset.tokenLifetime)
    do {
      let user = try await store.addResetToken(issued, for: email)
      record(.resetTokenIssued, user.id)
      return PasswordReset(user: user, token: token, expiresAt: issued.expiresAt)
    } catch .noResultFound {
      throw .unknownUser
    } catch {
      throw AuthError(error)
    }
  }

  /// Sets a new password and uses the token up, in one atomic step. Of several calls with one token at most one succeeds. First the
  /// pauses, or the lock, that failed logins with the address led to come to an end.
  ///
  /// - Parameter email: when given, the token must have been issued for this address; otherwise it stays valid for its owner.
  /// - Returns: the user, with the new hash.
  /// - Throws: ``AuthError/invalidResetToken``; ``AuthError/invalidPassword(_:)``, after which the token is still valid.
  @discardableResult
  public func updatePassword(
    resetToken: ResetToken, password: String, email: String? = nil
  ) async throws(AuthError) -> User {
    do {
      let user = try await consume(resetToken, settingPassword: password, email: email)
      record(.resetUsed, user.id)
      return user
    } catch {
      if error == .invalidResetToken { record(.resetRefused, nil) }
      throw error
    }
  }

  private func consume(
    _ resetToken: ResetToken, settingPassword password: String, email: String?
  ) async throws(AuthError) -> User {
    // First the cheap question: a stranger with a made-up token never makes us hash.
    var user = try await user(withResetToken: resetToken)
    if let email { guard (try? Email(email)) == user.email else { throw .invalidResetToken } }
    let hash = try await hashed(new: policy.newPassword(password, for: user.email))
    // Before the token is used up: a lock that outlasted it would leave its owner outside. Whoever holds it could end the lock anyhow.
    do {
      try await store.updateFailures(of: [.logIn(user.email.text)]) { $0 = [.none] }
    } catch {
      throw AuthError(error)
    }
    let isConsumed: Bool
    do {
      isConsumed = try await store.consumeResetToken(
        resetToken.digest, now: clock.now, settingPassword: hash, endingSessions: policy.sessions.endOnPasswordUpdate)
    } catch {
      throw AuthError(error)
    }
    guard isConsumed else { throw .invalidResetToken }
    user.hashedPassword = hash
    user.resetToken = nil
    if policy.sessions.endOnPasswordUpdate { user.sessionID = nil }
    return user
  }

  private func user(withResetToken token: ResetToken) async throws(AuthError) -> User {
    guard !token.text.isEmpty else { throw .invalidResetToken }
    let user: User?
    do { user = try await store.findUser(withResetToken: token.digest, now: clock.now) } catch { throw AuthError(error) }
    guard let user else { throw .invalidResetToken }
    return user
  }
}
