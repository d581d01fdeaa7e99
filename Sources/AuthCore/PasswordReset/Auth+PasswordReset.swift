/// A reset token on its way to its owner.
public struct PasswordReset: Sendable {
  /// The user at the time of issue.
  public let user: User
  /// The token. Send it to the account's email, or its recovery email, and nowhere else: it lets its holder set the password.
  public let token: ResetToken
  /// When the token expires; at this moment it is already void.
  public let expiresAt: Timestamp
}

extension Auth {
  /// Queues a message with a reset token for the owner of this email. ``deliverNextMessage(through:)`` issues the token and
  /// delivers it.
  ///
  /// It does the same for an email that no account has, or one that is unverified, and so tells no one which accounts exist. The
  /// request survives the end of the process. It locks no account, however often it is made.
  ///
  /// - Parameters:
  ///   - text: the email of the account.
  ///   - recipient: where the token goes. Which accounts have a recovery email is not told either: the store is asked when the
  ///     message is delivered.
  ///   - client: whose request this is. With ``Client/unknown`` it is counted for the email, but for no network.
  /// - Throws: ``AuthError/throttled(retryAfter:)``; ``AuthError/unavailable(_:)`` while ``maximumResetRequests`` wait.
  public func requestPasswordReset(
    email text: String, to recipient: ResetRecipient = .email, from client: Client
  ) async throws(AuthError) {
    try await settle(.reset(text, from: client, under: policy.throttling, at: clock.now), of: nil, email: text, from: client)
    guard let email = try? Email(text) else { return record(.resetRequested, of: nil, email: text, from: client) }
    let userID = try await user(with: email)?.id
    let isAdded: Bool
    do {
      isAdded = try await store.addMessage(
        newMessage(.passwordReset, to: email, of: userID, payload: recipient == .email ? nil : recipient.rawValue),
        limit: Self.maximumResetRequests)
    } catch {
      throw AuthError(error)
    }
    guard isAdded else { throw Self.outboxIsFull }
    record(.resetRequested, of: userID, email: text, from: client)
  }

  /// Issues a token with which the user sets a new password, once. It replaces an older one.
  ///
  /// - Throws: ``AuthError/unknownUser``; ``AuthError/emailNotVerified`` for an unverified account.
  public func issueResetToken(email: String, from client: Client) async throws(AuthError) -> PasswordReset {
    guard let email = try? Email(email) else { throw .unknownUser }
    let now = clock.now
    let token = ResetToken(policy.tokenFormat.makeToken(random))
    let issued = ResetToken.Record(id: token.digest, createdAt: now, expiresAt: now + policy.passwordReset.tokenLifetime)
    do {
      let user = try await store.addResetToken(issued, for: email)
      record(.resetTokenIssued, of: user.id, from: client)
      return PasswordReset(user: user, token: token, expiresAt: issued.expiresAt)
    } catch .noResultFound {
      throw .unknownUser
    } catch .emailNotVerified {
      throw .emailNotVerified
    } catch {
      throw AuthError(error)
    }
  }

  /// Sets a new password and uses up the token. The same step ends any delay or lock that failed logins with the email caused.
  /// However many calls use one token, at most one succeeds.
  ///
  /// - Parameters:
  ///   - client: whose attempt this is.
  ///   - password: the new password.
  ///   - token: the reset token, as the client presented it.
  ///   - email: if given, the token must have been issued for it; otherwise the token stays valid for its owner.
  /// - Returns: the user, with the new hash.
  /// - Throws: ``AuthError/invalidResetToken``, which counts for the client's network; ``AuthError/invalidPassword(_:)`` and
  ///   ``AuthError/throttled(retryAfter:)``, after which the token is still valid.
  @discardableResult
  public func resetPassword(
    token: ResetToken, password: String, email: String? = nil, from client: Client
  ) async throws(AuthError) -> User {
    do {
      let user = try await consume(token, settingPassword: password, email: email, from: client)
      record(.resetUsed, of: user.id, from: client)
      return user
    } catch {
      if error == .invalidResetToken { record(.resetRefused, of: nil, from: client) }
      throw error
    }
  }

  /// How many reset requests may wait to be delivered.
  public static let maximumResetRequests = 10_000

  private func consume(
    _ token: ResetToken, settingPassword password: String, email: String?, from client: Client
  ) async throws(AuthError) -> User {
    // The cheap check first: a stranger with a made-up token never makes us hash.
    let owner = try await lookUp(from: client) { () throws(AuthError) in try await self.user(with: token, email: email) }
    guard var user = owner else { throw .invalidResetToken }
    let hash = try await hashed(new: policy.newPassword(password, for: user.email))
    let use = ResetToken.Use(
      token.digest, at: clock.now, settingPassword: hash, endingSessions: policy.sessions.endOnPasswordUpdate,
      clearing: Throttle.Key(.loginEmail, email: user.email.text), notice: passwordNotice(to: user, cause: .reset))
    let isConsumed: Bool
    do { isConsumed = try await store.consumeResetToken(use) } catch { throw AuthError(error) }
    guard isConsumed else { throw .invalidResetToken }
    user.hashedPassword = hash
    user.resetToken = nil
    if use.endsSessions { user.sessionID = nil }
    return user
  }

  private func user(with token: ResetToken, email: String?) async throws(AuthError) -> User? {
    guard !token.text.isEmpty else { return nil }
    let user: User?
    do { user = try await store.findUser(withResetToken: token.digest, now: clock.now) } catch { throw AuthError(error) }
    guard let user, let email else { return user }
    return (try? Email(email)) == user.email ? user : nil
  }
}
