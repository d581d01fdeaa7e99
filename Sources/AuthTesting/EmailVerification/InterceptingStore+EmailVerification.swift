public import AuthCore

extension InterceptingStore.Operation {
  /// ``AuthCore/VerificationStore/addRegistration(_:queueing:limit:)``
  public static let addRegistration = Self(writing: "addRegistration")
  /// ``AuthCore/VerificationStore/challengeRegistration(_:with:now:)``
  public static let challengeRegistration = Self(writing: "challengeRegistration")
  /// ``AuthCore/VerificationStore/tryRegistration(_:limit:now:)``
  public static let tryRegistration = Self(writing: "tryRegistration")
  /// ``AuthCore/VerificationStore/completeRegistration(_:ifPassword:now:)``
  public static let completeRegistration = Self(writing: "completeRegistration")
  /// ``AuthCore/VerificationStore/emailVerifiedAt(_:)``
  public static let emailVerifiedAt = Self(reading: "emailVerifiedAt")
  /// ``AuthCore/VerificationStore/openUnverifiedAccount(_:queueing:limit:)``
  public static let openUnverifiedAccount = Self(writing: "openUnverifiedAccount")
  /// ``AuthCore/VerificationStore/unverifiedAccount(_:)``
  public static let unverifiedAccount = Self(reading: "unverifiedAccount")
  /// ``AuthCore/VerificationStore/vouchForEmail(of:)``
  public static let vouchForEmail = Self(writing: "vouchForEmail")
}

extension InterceptingStore {
  /// ``AuthCore/VerificationStore/addRegistration(_:queueing:limit:)`` of the base store.
  public func addRegistration(
    _ registration: Registration, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> Bool {
    try await base(for: .addRegistration).addRegistration(registration, queueing: message, limit: limit)
  }

  /// ``AuthCore/VerificationStore/challengeRegistration(_:with:now:)`` of the base store.
  public func challengeRegistration(
    _ id: Registration.ID, with challenge: Registration.Challenge, now: Timestamp
  ) async throws(StoreError) -> Registration? {
    try await base(for: .challengeRegistration).challengeRegistration(id, with: challenge, now: now)
  }

  /// ``AuthCore/VerificationStore/tryRegistration(_:limit:now:)`` of the base store.
  public func tryRegistration(
    _ proof: Registration.Proof, limit: Int, now: Timestamp
  ) async throws(StoreError) -> Registration? {
    try await base(for: .tryRegistration).tryRegistration(proof, limit: limit, now: now)
  }

  /// ``AuthCore/VerificationStore/completeRegistration(_:ifPassword:now:)`` of the base store.
  public func completeRegistration(
    _ registration: Registration, ifPassword expected: PasswordHash?, now: Timestamp
  ) async throws(StoreError) -> Registration.Completion {
    try await base(for: .completeRegistration).completeRegistration(registration, ifPassword: expected, now: now)
  }

  /// ``AuthCore/VerificationStore/emailVerifiedAt(_:)`` of the base store.
  public func emailVerifiedAt(_ id: User.ID) async throws(StoreError) -> Timestamp? {
    try await base(for: .emailVerifiedAt).emailVerifiedAt(id)
  }

  /// ``AuthCore/VerificationStore/openUnverifiedAccount(_:queueing:limit:)`` of the base store.
  public func openUnverifiedAccount(
    _ registration: Registration, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> Registration.Opening {
    try await base(for: .openUnverifiedAccount).openUnverifiedAccount(registration, queueing: message, limit: limit)
  }

  /// ``AuthCore/VerificationStore/unverifiedAccount(_:)`` of the base store.
  public func unverifiedAccount(_ id: User.ID) async throws(StoreError) -> UnverifiedAccount? {
    try await base(for: .unverifiedAccount).unverifiedAccount(id)
  }

  /// ``AuthCore/VerificationStore/vouchForEmail(of:)`` of the base store.
  public func vouchForEmail(of id: User.ID) async throws(StoreError) -> Bool {
    try await base(for: .vouchForEmail).vouchForEmail(of: id)
  }
}
