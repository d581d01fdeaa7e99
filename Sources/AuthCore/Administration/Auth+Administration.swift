extension Auth {
  /// The account with this id; nil if there is none.
  public func account(_ id: User.ID) async throws(AuthError) -> Account? {
    try await account(.id(id))
  }

  /// The account with this email, in any ASCII letter case; nil if there is none.
  public func account(email: String) async throws(AuthError) -> Account? {
    guard let email = try? Email(email) else { return nil }
    return try await account(.email(email))
  }

  /// Creates an account without a password, and queues a message with a reset token, with which its owner sets one. No one else
  /// learns the token (ASVS 5.0, 6.4.1 and 6.4.6). It works whether registration is open or closed.
  ///
  /// ``deliverMessages(through:workers:interval:onFailure:)`` must run somewhere for the message to arrive.
  ///
  /// - Parameters:
  ///   - email: the email of the new account.
  ///   - client: whose request this is, for the events.
  /// - Throws: ``AuthError/userExists(email:)``, ``AuthError/invalidEmail(_:)``; ``AuthError/unavailable(_:)`` while
  ///   ``maximumResetRequests`` wait. In each case no account was created.
  public func createUser(email: String, from client: Client) async throws(AuthError) -> User {
    let email = try policy.newEmail(email)
    let user: User?
    do {
      user = try await store.addUser(
        email: email, hashedPassword: .none, queueing: newMessage(.passwordReset, to: email, of: nil),
        limit: Self.maximumResetRequests)
    } catch .emailTaken {
      throw .userExists(email: email.text)
    } catch {
      throw AuthError(error)
    }
    guard let user else { throw Self.outboxIsFull }
    record(.userCreated, of: user.id, from: client)
    record(.resetRequested, of: user.id, from: client)
    return user
  }

  /// Queues a message with a reset token for a user, as ``requestPasswordReset(email:to:from:)`` does, but without counting it.
  ///
  /// - Throws: ``AuthError/unknownUserID``; ``AuthError/emailNotVerified`` for an unverified account;
  ///   ``AuthError/unavailable(_:)`` while ``maximumResetRequests`` wait.
  public func sendPasswordReset(to id: User.ID, from client: Client) async throws(AuthError) {
    let user = try await user(withID: id)
    try await requireRecoverable(id)
    let isAdded: Bool
    do {
      isAdded = try await store.addMessage(
        newMessage(.passwordReset, to: user.email, of: id), limit: Self.maximumResetRequests)
    } catch {
      throw AuthError(error)
    }
    guard isAdded else { throw Self.outboxIsFull }
    record(.resetRequested, of: id, from: client)
  }

  /// Ends the delay or lock that failed logins with the user's email have caused, and forgets their requests for resets. What is
  /// counted for networks stays.
  ///
  /// - Returns: whether anything was counted for the email.
  /// - Throws: ``AuthError/unknownUserID``.
  @discardableResult
  public func unlockUser(_ id: User.ID, from client: Client) async throws(AuthError) -> Bool {
    let user = try await user(withID: id)
    let keys = Self.counterKeys(of: user.email)
    let wasCounted: Bool
    do {
      // An owner who was never kept out is not told that they are let in again.
      let failures = try await store.findCounters(of: [keys[0]])[0].count
      let notice = failures < policy.throttling.loginPerEmail.threshold ? nil : accountNotice(.accountUnlocked, to: user)
      wasCounted = try await store.clearCounters(of: keys, notice: notice)
    } catch {
      throw AuthError(error)
    }
    if wasCounted { record(.userUnlocked, of: id, from: client) }
    return wasCounted
  }

  /// Deletes an account with everything that is stored for it, in one step: sessions, tokens, messages that wait for its owner,
  /// and what is counted for its email. Its email may be registered again. Events that an event sink has recorded stay.
  ///
  /// - Throws: ``AuthError/unknownUserID``.
  public func deleteUser(_ id: User.ID, from client: Client) async throws(AuthError) {
    let user = try await user(withID: id)
    let isDeleted: Bool
    do {
      let counters = [Throttle.Key(.alertEmail, email: user.email.text), Throttle.Key(.emailChangeUser, user: id)]
      isDeleted = try await store.eraseUser(
        id, clearing: Self.counterKeys(of: user.email) + counters,
        notice: accountNotice(.accountDeleted, to: user, payload: AccountDeletionCause.operator.rawValue))
    } catch {
      throw AuthError(error)
    }
    guard isDeleted else { throw .unknownUserID }
    record(.userDeleted, of: id, from: client)
  }

  /// The messages that wait for the user. They hold no token.
  public func messages(to id: User.ID) async throws(AuthError) -> [OutboxMessage] {
    do { return try await store.findMessages(to: id) } catch { throw AuthError(error) }
  }

  /// How many rows of each kind are stored. It counts them one by one, which takes a second for a few million.
  public func statistics() async throws(AuthError) -> StoreStatistics {
    do { return try await store.statistics(live: policy.liveSessions(at: clock.now)) } catch { throw AuthError(error) }
  }

  static let outboxIsFull = AuthError.unavailable("\(maximumResetRequests) password resets are waiting to be delivered")

  private static func counterKeys(of email: Email) -> [Throttle.Key] {
    [.loginEmail, .resetEmail].map { Throttle.Key($0, email: email.text) }
  }

  private func user(withID id: User.ID) async throws(AuthError) -> User {
    do { return try await store.findUser(by: .id(id)) } catch { throw AuthError(ofUser: error) }
  }

  private func account(_ filter: User.Filter) async throws(AuthError) -> Account? {
    do {
      let user = try await store.findUser(by: filter)
      let (disabledAt, unverified) = (try await store.disabledAt(user.id), try await store.unverifiedAccount(user.id))
      return try await accounts([
        Account.Record(user: user, disabledAt: disabledAt, unverifiedUntil: unverified?.expiresAt)
      ]).first
    } catch .noResultFound {
      return nil
    } catch {
      throw AuthError(error)
    }
  }
}
