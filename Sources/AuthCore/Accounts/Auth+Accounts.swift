// What a logged-in user does with their account. The current password is asked for again: whoever holds a session need not be its owner.

extension Auth {
  /// Sets a new password, and takes back the reset token, if there is one. The session goes on under a new id, for as long as after a
  /// log in; under a policy that says so (``AuthPolicy/sessions``) all others end.
  ///
  /// - Parameter current: a wrong one counts as a failed login.
  /// - Throws: ``AuthError/invalidSession``, ``AuthError/invalidPassword(_:)``, ``AuthError/wrongPassword``,
  ///   ``AuthError/throttled(retryAfter:)``, ``AuthError/conflict``. Nothing has changed then.
  public func changePassword(sessionID: SessionID, current: String, new: String) async throws(AuthError) -> Login {
    var user = try await user(in: sessionID)
    let new = try policy.newPassword(new, for: user.email)
    let checked = try await checkAgain(user, password: current)
    let hash = try await hashed(new: new)
    let (newID, session) = newSession(of: user)
    let isChanged: Bool
    do {
      isChanged = try await store.changePassword(
        of: user.id, checked.user.hashedPassword, to: hash, renewing: sessionID.digest, as: session,
        endingOthers: policy.sessions.endOnPasswordUpdate)
    } catch {
      throw AuthError(error)
    }
    guard isChanged else { throw .conflict }
    record(.passwordChanged, user.id)
    record(.sessionRenewed, user.id, session: session.id)
    user.hashedPassword = hash
    user.sessionID = session.id
    user.resetToken = nil
    return Login(user: user, sessionID: newID, expiresAt: session.expiresAt)
  }

  /// Deletes the account, with its sessions and tokens. Its address may be registered again.
  ///
  /// - Parameter password: a wrong one counts as a failed login.
  /// - Throws: ``AuthError/invalidSession``, ``AuthError/wrongPassword``, ``AuthError/throttled(retryAfter:)``,
  ///   ``AuthError/conflict``. Nothing has changed then.
  public func deleteUser(sessionID: SessionID, password: String) async throws(AuthError) {
    let user = try await user(in: sessionID)
    let checked = try await checkAgain(user, password: password)
    let isDeleted: Bool
    do {
      isDeleted = try await store.deleteUser(user.id, ifPassword: checked.user.hashedPassword)
    } catch {
      throw AuthError(error)
    }
    guard isDeleted else { throw .conflict }
    record(.userDeleted, user.id)
  }

  /// The session's user, if they have shown that it is theirs: by a login not longer ago than ``AuthPolicy/sessions``, or by
  /// the password. Ask before what a thief of the session must not do.
  ///
  /// - Parameter password: a wrong one counts as a failed login.
  /// - Throws: ``AuthError/invalidSession``, ``AuthError/reauthenticationRequired`` when no password is given and one is needed,
  ///   ``AuthError/wrongPassword``, ``AuthError/throttled(retryAfter:)``.
  public func confirm(sessionID: SessionID, password: String? = nil) async throws(AuthError) -> User {
    let now = clock.now
    let found: (session: Session, user: User)?
    do { found = try await store.findSession(sessionID.digest, in: policy.liveSessions(at: now)) } catch {
      throw AuthError(error)
    }
    guard let (session, user) = found else { throw .invalidSession }
    if let password { return try await checkAgain(user, password: password).user }
    guard let age = policy.sessions.reauthenticationAge else { return user }
    guard now <= session.createdAt + age else { throw .reauthenticationRequired }
    return user
  }

  private func user(in sessionID: SessionID) async throws(AuthError) -> User {
    guard let user = try await getUserFromSessionID(sessionID) else { throw .invalidSession }
    return user
  }

  private func checkAgain(_ user: User, password: String) async throws(AuthError) -> CheckedUser {
    guard let checked = try await check(user, password: password) else {
      record(.passwordCheckFailed, user.id)
      throw .wrongPassword
    }
    return checked
  }
}
