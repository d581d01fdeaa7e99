public import AuthCore

extension InterceptingStore.Operation {
  /// ``AuthCore/EmailChangeStore/addEmailChange(_:limit:)``
  public static let addEmailChange = Self(writing: "addEmailChange")
  /// ``AuthCore/EmailChangeStore/challengeEmailChange(_:with:now:)``
  public static let challengeEmailChange = Self(writing: "challengeEmailChange")
  /// ``AuthCore/EmailChangeStore/tryEmailChange(_:limit:now:)``
  public static let tryEmailChange = Self(writing: "tryEmailChange")
  /// ``AuthCore/EmailChangeStore/confirmEmailChange(_:)``
  public static let confirmEmailChange = Self(writing: "confirmEmailChange")
  /// ``AuthCore/EmailChangeStore/issueTakeBackToken(_:for:now:)``
  public static let issueTakeBackToken = Self(writing: "issueTakeBackToken")
  /// ``AuthCore/EmailChangeStore/findTakeBack(withToken:now:)``
  public static let findTakeBack = Self(reading: "findTakeBack")
  /// ``AuthCore/EmailChangeStore/takeBackEmail(_:)``
  public static let takeBackEmail = Self(writing: "takeBackEmail")
}

extension InterceptingStore {
  /// ``AuthCore/EmailChangeStore/addEmailChange(_:limit:)`` of the base store.
  public func addEmailChange(_ request: EmailChange.Request, limit: Int) async throws(StoreError) -> EmailChange.Adding {
    try await base(for: .addEmailChange).addEmailChange(request, limit: limit)
  }

  /// ``AuthCore/EmailChangeStore/challengeEmailChange(_:with:now:)`` of the base store.
  public func challengeEmailChange(
    _ id: EmailChange.ID, with challenge: EmailChange.Challenge, now: Timestamp
  ) async throws(StoreError) -> EmailChange? {
    try await base(for: .challengeEmailChange).challengeEmailChange(id, with: challenge, now: now)
  }

  /// ``AuthCore/EmailChangeStore/tryEmailChange(_:limit:now:)`` of the base store.
  public func tryEmailChange(
    _ proof: EmailChange.Proof, limit: Int, now: Timestamp
  ) async throws(StoreError) -> EmailChange? {
    try await base(for: .tryEmailChange).tryEmailChange(proof, limit: limit, now: now)
  }

  /// ``AuthCore/EmailChangeStore/confirmEmailChange(_:)`` of the base store.
  public func confirmEmailChange(
    _ confirmation: EmailChange.Confirmation
  ) async throws(StoreError) -> (user: User, replaced: User.ID?) {
    try await base(for: .confirmEmailChange).confirmEmailChange(confirmation)
  }

  /// ``AuthCore/EmailChangeStore/issueTakeBackToken(_:for:now:)`` of the base store.
  public func issueTakeBackToken(
    _ token: TokenDigest, for id: EmailTakeBack.ID, now: Timestamp
  ) async throws(StoreError) -> EmailTakeBack? {
    try await base(for: .issueTakeBackToken).issueTakeBackToken(token, for: id, now: now)
  }

  /// ``AuthCore/EmailChangeStore/findTakeBack(withToken:now:)`` of the base store.
  public func findTakeBack(
    withToken token: TokenDigest, now: Timestamp
  ) async throws(StoreError) -> (takeBack: EmailTakeBack, user: User)? {
    try await base(for: .findTakeBack).findTakeBack(withToken: token, now: now)
  }

  /// ``AuthCore/EmailChangeStore/takeBackEmail(_:)`` of the base store.
  public func takeBackEmail(_ use: EmailTakeBack.Use) async throws(StoreError) -> EmailTakeBack.Outcome {
    try await base(for: .takeBackEmail).takeBackEmail(use)
  }
}
