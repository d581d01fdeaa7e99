extension Auth {
  /// Disables an account, until ``enableUser(_:from:)``. Its sessions end in the same step, and none can be opened: once this
  /// returns, no request passes for the user, in any process that uses the store.
  ///
  /// No client learns of it. A login is refused in the same way as one with a wrong password, after the same work, and is counted
  /// in the same way. A password reset works as for any account: the user has another password then, and is still disabled.
  ///
  /// - Parameters:
  ///   - id: the id of the user.
  ///   - client: whose request this is, for the events.
  /// - Returns: whether the account was enabled before.
  /// - Throws: ``AuthError/unknownUserID``.
  @discardableResult
  public func disableUser(_ id: User.ID, from client: Client = .unknown) async throws(AuthError) -> Bool {
    let now = clock.now
    let ended: [TokenDigest]?
    do {
      ended = try await store.disableUser(
        id, at: now, endingSessionsIn: policy.liveSessions(at: now), notice: try await accountNotice(.accountDisabled, to: id))
    } catch {
      throw AuthError(ofUser: error)
    }
    guard let ended else { return false }
    record(.userDisabled, of: id, from: client)
    for session in ended { record(.sessionEnded, of: id, session: session, from: client) }
    return true
  }

  /// Enables a disabled account. Its password is the one that it had, unless it was reset meanwhile; its sessions are over.
  ///
  /// - Parameters:
  ///   - id: the id of the user.
  ///   - client: whose request this is, for the events.
  /// - Returns: whether the account was disabled before.
  /// - Throws: ``AuthError/unknownUserID``.
  @discardableResult
  public func enableUser(_ id: User.ID, from client: Client = .unknown) async throws(AuthError) -> Bool {
    let wasDisabled: Bool
    do {
      wasDisabled = try await store.enableUser(id, notice: try await accountNotice(.accountEnabled, to: id))
    } catch { throw AuthError(ofUser: error) }
    if wasDisabled { record(.userEnabled, of: id, from: client) }
    return wasDisabled
  }

  /// The user is read only where someone is told.
  private func accountNotice(_ kind: OutboxMessage.Kind, to id: User.ID) async throws(StoreError) -> OutboxMessage? {
    guard policy.notices.ofAccountChanges else { return nil }
    return accountNotice(kind, to: try await store.findUser(by: .id(id)))
  }

  /// The moment from which the account is disabled; nil for one that is not, or does not exist.
  public func disabledAt(_ id: User.ID) async throws(AuthError) -> Timestamp? {
    do { return try await store.disabledAt(id) } catch { throw AuthError(error) }
  }
}
