public import AuthCore

extension InterceptingStore.Operation {
  /// ``AuthCore/ResetTokenStore/addResetToken(_:for:)``
  public static let addResetToken = Self(writing: "addResetToken")
  /// ``AuthCore/ResetTokenStore/findUser(withResetToken:now:)``
  public static let findResetToken = Self(reading: "findResetToken")
  /// ``AuthCore/ResetTokenStore/consumeResetToken(_:)``
  public static let consumeResetToken = Self(writing: "consumeResetToken")
}

extension InterceptingStore {
  /// ``AuthCore/ResetTokenStore/addResetToken(_:for:)`` of the base store.
  public func addResetToken(_ token: ResetToken.Record, for email: Email) async throws(StoreError) -> User {
    try await base(for: .addResetToken).addResetToken(token, for: email)
  }

  /// ``AuthCore/ResetTokenStore/findUser(withResetToken:now:)`` of the base store.
  public func findUser(withResetToken id: TokenDigest, now: Timestamp) async throws(StoreError) -> User? {
    try await base(for: .findResetToken).findUser(withResetToken: id, now: now)
  }

  /// ``AuthCore/ResetTokenStore/consumeResetToken(_:)`` of the base store.
  public func consumeResetToken(_ use: ResetToken.Use) async throws(StoreError) -> Bool {
    try await base(for: .consumeResetToken).consumeResetToken(use)
  }
}
