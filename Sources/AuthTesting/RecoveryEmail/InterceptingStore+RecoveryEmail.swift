public import AuthCore

extension InterceptingStore.Operation {
  /// ``AuthCore/RecoveryEmailStore/addRecoveryEmailRequest(_:by:queueing:limit:)``
  public static let addRecoveryEmailRequest = Self(writing: "addRecoveryEmailRequest")
  /// ``AuthCore/RecoveryEmailStore/challengeRecoveryEmailRequest(_:with:now:)``
  public static let challengeRecoveryEmailRequest = Self(writing: "challengeRecoveryEmailRequest")
  /// ``AuthCore/RecoveryEmailStore/tryRecoveryEmailRequest(_:limit:now:)``
  public static let tryRecoveryEmailRequest = Self(writing: "tryRecoveryEmailRequest")
  /// ``AuthCore/RecoveryEmailStore/confirmRecoveryEmail(_:now:notice:)``
  public static let confirmRecoveryEmail = Self(writing: "confirmRecoveryEmail")
  /// ``AuthCore/RecoveryEmailStore/removeRecoveryEmail(of:by:notice:)``
  public static let removeRecoveryEmail = Self(writing: "removeRecoveryEmail")
  /// ``AuthCore/RecoveryEmailStore/findRecoveryEmail(of:)``
  public static let findRecoveryEmail = Self(reading: "findRecoveryEmail")
}

extension InterceptingStore {
  /// ``AuthCore/RecoveryEmailStore/addRecoveryEmailRequest(_:by:queueing:limit:)`` of the base store.
  public func addRecoveryEmailRequest(
    _ request: RecoveryEmailRequest, by session: TokenDigest, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> RecoveryEmailRequest.Adding {
    try await base(for: .addRecoveryEmailRequest).addRecoveryEmailRequest(
      request, by: session, queueing: message, limit: limit)
  }

  /// ``AuthCore/RecoveryEmailStore/challengeRecoveryEmailRequest(_:with:now:)`` of the base store.
  public func challengeRecoveryEmailRequest(
    _ id: RecoveryEmailRequest.ID, with challenge: RecoveryEmailRequest.Challenge, now: Timestamp
  ) async throws(StoreError) -> RecoveryEmailRequest? {
    try await base(for: .challengeRecoveryEmailRequest).challengeRecoveryEmailRequest(id, with: challenge, now: now)
  }

  /// ``AuthCore/RecoveryEmailStore/tryRecoveryEmailRequest(_:limit:now:)`` of the base store.
  public func tryRecoveryEmailRequest(
    _ proof: RecoveryEmailRequest.Proof, limit: Int, now: Timestamp
  ) async throws(StoreError) -> RecoveryEmailRequest? {
    try await base(for: .tryRecoveryEmailRequest).tryRecoveryEmailRequest(proof, limit: limit, now: now)
  }

  /// ``AuthCore/RecoveryEmailStore/confirmRecoveryEmail(_:now:notice:)`` of the base store.
  public func confirmRecoveryEmail(
    _ request: RecoveryEmailRequest, now: Timestamp, notice: OutboxMessage
  ) async throws(StoreError) -> Bool {
    try await base(for: .confirmRecoveryEmail).confirmRecoveryEmail(request, now: now, notice: notice)
  }

  /// ``AuthCore/RecoveryEmailStore/removeRecoveryEmail(of:by:notice:)`` of the base store.
  public func removeRecoveryEmail(
    of id: User.ID, by session: TokenDigest, notice: OutboxMessage
  ) async throws(StoreError) -> RecoveryEmail.Removal {
    try await base(for: .removeRecoveryEmail).removeRecoveryEmail(of: id, by: session, notice: notice)
  }

  /// ``AuthCore/RecoveryEmailStore/findRecoveryEmail(of:)`` of the base store.
  public func findRecoveryEmail(of id: User.ID) async throws(StoreError) -> RecoveryEmail? {
    try await base(for: .findRecoveryEmail).findRecoveryEmail(of: id)
  }
}
