/// The store's port for reset tokens.
public protocol ResetTokenStore: Sendable {
  /// Saves a reset token for the user with this email, in place of any older one, and returns the user, who has it now.
  ///
  /// - Throws: ``StoreError/noResultFound`` when no user has this email; ``StoreError/emailNotVerified`` while the user's account
  ///   is unverified: ``VerificationStore/openUnverifiedAccount(_:queueing:limit:)``.
  func addResetToken(_ token: ResetToken.Record, for email: Email) async throws(StoreError) -> User

  /// The user for whom this token was issued, if it expires after `now`.
  func findUser(withResetToken id: TokenDigest, now: Timestamp) async throws(StoreError) -> User?

  /// Uses a token. If it expires after ``ResetToken/Use/now``, this gives its user the new hash, deletes the token and, where the
  /// use asks for it, clears the counter, ends all the user's sessions and queues the notice. Otherwise it changes nothing.
  /// However many calls use one token, at most one returns true.
  ///
  /// - Returns: whether the token was used.
  func consumeResetToken(_ use: ResetToken.Use) async throws(StoreError) -> Bool
}

extension ResetToken {
  /// A reset token as it is stored.
  public struct Record: Sendable, Equatable, Identifiable {
    /// The digest of the token.
    public let id: TokenDigest
    /// When it was issued.
    public let createdAt: Timestamp
    /// When the token expires; at this moment it is already void.
    public let expiresAt: Timestamp

    /// A record with these values.
    public init(id: TokenDigest, createdAt: Timestamp, expiresAt: Timestamp) {
      self.id = id
      self.createdAt = createdAt
      self.expiresAt = expiresAt
    }
  }

  /// Everything that using a reset token changes, in one step.
  public struct Use: Sendable, Equatable {
    /// The digest of the token.
    public let id: TokenDigest
    /// The current time, after which the token must expire.
    public let now: Timestamp
    /// The new hash.
    public let hash: PasswordHash
    /// Whether all the user's sessions end.
    public let endsSessions: Bool
    /// The counter to be cleared, so that a lock or delay of the email ends with its reset.
    public let clearedCounter: Throttle.Key?
    /// The message to be queued.
    public let notice: OutboxMessage?

    /// A use with these values.
    public init(
      _ id: TokenDigest, at now: Timestamp, settingPassword hash: PasswordHash, endingSessions endsSessions: Bool,
      clearing clearedCounter: Throttle.Key? = nil, notice: OutboxMessage? = nil
    ) {
      self.id = id
      self.now = now
      self.hash = hash
      self.endsSessions = endsSessions
      self.clearedCounter = clearedCounter
      self.notice = notice
    }
  }
}
