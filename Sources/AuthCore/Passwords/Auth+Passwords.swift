extension Auth {
  /// Sets a new password and revokes the reset token, if there is one. The session continues under a new id, for as long as after
  /// a login; under a policy with ``AuthPolicy/Sessions/endOnPasswordUpdate`` all others end.
  ///
  /// - Parameters:
  ///   - sessionID: the user's session.
  ///   - current: the current password; a wrong one counts as a failed login.
  ///   - new: the new password.
  ///   - client: whose attempt this is.
  /// - Throws: ``AuthError/invalidSession``, ``AuthError/invalidPassword(_:)``, ``AuthError/wrongPassword``,
  ///   ``AuthError/throttled(retryAfter:)``, ``AuthError/conflict``. In each case nothing has changed.
  public func changePassword(
    sessionID: SessionID, current: String, new: String, from client: Client
  ) async throws(AuthError) -> Login {
    var (former, user) = try await requireSession(sessionID)
    let new = try policy.newPassword(new, for: user.email)
    let verified = try await verifyCurrentPassword(current, of: user, from: client)
    let hash = try await hashed(new: new)
    let isRemembered = policy.isRemembered(former)
    let (newID, session) = newSession(of: user, authenticatedBy: [.password], remember: isRemembered, from: client)
    let isChanged: Bool
    do {
      isChanged = try await store.changePassword(
        of: user.id, verified.user.hashedPassword, to: hash, renewing: sessionID.digest, as: session,
        endingOthers: policy.sessions.endOnPasswordUpdate, notice: passwordNotice(to: user, cause: .change))
    } catch {
      throw AuthError(error)
    }
    guard isChanged else { throw .conflict }
    record(.passwordChanged, of: user.id, from: client)
    record(.sessionRenewed, of: user.id, session: session.id, from: client)
    user.hashedPassword = hash
    user.sessionID = session.id
    user.resetToken = nil
    return Login(user: user, sessionID: newID, expiresAt: session.expiresAt, isRemembered: isRemembered)
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

  /// Replaces an outdated hash, or one of a password that would be stored in another form today, now that the password is known.
  /// A failure changes nothing for the caller: the user is let in, and the next check tries again.
  func rehash(_ verified: VerifiedUser) async {
    let old = verified.user.hashedPassword
    guard hasher.needsRehash(old) || !verified.isCurrentForm && !hasher.isStronger(old) else { return }
    guard let new = try? await hasher.hash(verified.password) else { return }
    _ = try? await store.replaceHashedPassword(of: verified.user.id, old, with: new)
  }
}
