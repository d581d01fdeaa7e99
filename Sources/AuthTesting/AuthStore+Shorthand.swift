package import AuthCore

// Shorthand for tests of stores, without the parameters that do not matter to them.

extension SessionStore {
  /// Saves a session without an attempt, and returns whether the password was still the expected one.
  package func addSession(
    _ session: Session, limit: Int, live: Session.Cutoff, ifPassword: PasswordHash?, replacing former: TokenDigest?
  ) async throws(StoreError) -> Bool {
    try await addSession(
      session, limit: limit, live: live, ifPassword: ifPassword, replacing: former, settling: nil,
      recognizing: nil) == .opened
  }

  /// Saves a session without remembering its client.
  package func addSession(
    _ session: Session, limit: Int, live: Session.Cutoff, ifPassword: PasswordHash?, replacing former: TokenDigest?,
    settling attempt: Throttle.Attempt?
  ) async throws(StoreError) -> Session.Opening {
    try await addSession(
      session, limit: limit, live: live, ifPassword: ifPassword, replacing: former, settling: attempt, recognizing: nil)
  }
}

extension AccountStore {
  /// Changes a password without a notice.
  package func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool
  ) async throws(StoreError) -> Bool {
    try await changePassword(
      of: id, expected, to: hash, renewing: old, as: new, endingOthers: endingOthers, notice: nil)
  }
}

extension AccountStore {
  /// Deletes a user without a notice.
  package func deleteUser(_ id: User.ID, ifPassword expected: PasswordHash) async throws(StoreError) -> Bool {
    try await deleteUser(id, ifPassword: expected, notice: nil)
  }
}

extension DisablingStore {
  /// Disables a user without a notice.
  package func disableUser(
    _ id: User.ID, at moment: Timestamp, endingSessionsIn live: Session.Cutoff
  ) async throws(StoreError) -> [TokenDigest]? {
    try await disableUser(id, at: moment, endingSessionsIn: live, notice: nil)
  }

  /// Enables a user without a notice.
  package func enableUser(_ id: User.ID) async throws(StoreError) -> Bool {
    try await enableUser(id, notice: nil)
  }
}

extension AdministrationStore {
  /// Deletes a user without a notice.
  package func eraseUser(_ id: User.ID, clearing keys: [Throttle.Key]) async throws(StoreError) -> Bool {
    try await eraseUser(id, clearing: keys, notice: nil)
  }

  /// Deletes counters without a notice.
  package func clearCounters(of keys: [Throttle.Key]) async throws(StoreError) -> Bool {
    try await clearCounters(of: keys, notice: nil)
  }
}

extension VerificationStore {
  /// Completes a registration whatever the password, and returns the user.
  package func completeRegistration(_ registration: Registration, now: Timestamp) async throws(StoreError) -> User {
    guard let user = try await completeRegistration(registration, ifPassword: nil, now: now).user else {
      throw .noResultFound
    }
    return user
  }
}

extension Registration.Completion {
  /// The user who has the email; nil if nothing was changed.
  package var user: User? {
    switch self {
    case .created(let user), .verified(let user), .replaced(_, by: let user): user
    case .passwordChanged: nil
    }
  }
}

extension ResetTokenStore {
  /// Uses a reset token that clears no counter and queues no notice.
  package func consumeResetToken(
    _ id: TokenDigest, now: Timestamp, settingPassword hash: PasswordHash, endingSessions: Bool
  ) async throws(StoreError) -> Bool {
    try await consumeResetToken(ResetToken.Use(id, at: now, settingPassword: hash, endingSessions: endingSessions))
  }
}

extension ThrottleStore {
  /// Counts failures of one key, so that its counter has this count.
  package func count(_ count: Int, for key: Throttle.Key, at moment: Timestamp) async throws(StoreError) {
    let limit = Throttle.Attempt.Limit(key: key, throttle: .unlimited, isOfNetwork: false)
    for _ in 0..<count { _ = try await settle(Throttle.Attempt([limit], memory: .seconds(1 << 40), at: moment)) }
  }
}

extension Throttle {
  /// A throttle that counts and never delays.
  package static let unlimited = Throttle(threshold: .max, firstDelay: .zero, longestDelay: .zero)
}
