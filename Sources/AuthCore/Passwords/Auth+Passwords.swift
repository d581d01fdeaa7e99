extension Auth {
  /// Sets a new password and revokes the reset token, if there is one. The session continues under a new id, for as long as after
  /// a login; under a policy with ``AuthPolicy/Sessions/endOnPasswordUpdate`` all others end.
  ///
  /// - Parameters:
  ///   - current: the current password; a wrong one counts as a failed login.
  ///   - new: the new password.
  ///   - client: whose attempt this is.
  /// - Throws: ``AuthError/invalidSession``, ``AuthError/invalidPassword(_:)``, ``AuthError/wrongPassword``,
  ///   ``AuthError/throttled(retryAfter:)``, ``AuthError/conflict``. In each case nothing has changed.
  public func changePassword(
    sessionID: SessionID, current: String, new: String, from client: Client
  ) async throws(AuthError) -> Login {
    var user = try await requireUser(for: sessionID)
    let new = try policy.newPassword(new, for: user.email)
    let checked = try await checkCurrentPassword(current, of: user, from: client)
    let hash = try await hashed(new: new)
    let (newID, session) = newSession(of: user, authenticatedBy: [.password], from: client)
    let isChanged: Bool
    do {
      isChanged = try await store.changePassword(
        of: user.id, checked.user.hashedPassword, to: hash, renewing: sessionID.digest, as: session,
        endingOthers: policy.sessions.endOnPasswordUpdate, notice: passwordNotice(to: user, cause: .change))
    } catch {
      throw AuthError(error)
    }
    guard isChanged else { throw .conflict }
    record(.passwordChanged, user.id, from: client)
    record(.sessionRenewed, user.id, session: session.id, from: client)
    user.hashedPassword = hash
    user.sessionID = session.id
    user.resetToken = nil
    return Login(user: user, sessionID: newID, expiresAt: session.expiresAt)
  }

  /// The hash of a password that is to be set.
  func hashed(new password: Password) async throws(AuthError) -> PasswordHash {
    if let breachedPasswords {
      let isBreached: Bool
      do { isBreached = try await breachedPasswords.contains(password) } catch {
        // The error may quote the password.
        throw .unavailable("the collection of breached passwords did not respond")
      }
      guard !isBreached else { throw .invalidPassword(.breached) }
    }
    do { return try await hasher.hash(password) } catch { throw AuthError(error) }
  }

  /// Replaces a hash made with weaker settings, now that its password is known. A failure changes nothing for the caller: the
  /// user is let in, and the next check tries again.
  func rehash(_ checked: CheckedUser) async {
    let old = checked.user.hashedPassword
    guard !checked.isCurrentForm || hasher.needsRehash(old) else { return }
    guard let new = try? await hasher.hash(checked.password) else { return }
    _ = try? await store.replaceHashedPassword(of: checked.user.id, old, with: new)
  }

  /// The message that tells the owner of a new password; nil under a policy that sends none.
  func passwordNotice(to user: User, cause: PasswordChangeCause) -> OutboxMessage? {
    guard policy.passwords.notifiesOfChange else { return nil }
    return newMessage(.passwordChanged, to: user.email, of: user.id, payload: cause.rawValue)
  }
}
