#if Postgres
public import AuthCore

extension PostgresStore {
  /// Saves a reset token: ``AuthCore/ResetTokenStore/addResetToken(_:for:)``.
  public func addResetToken(_ token: ResetToken.Record, for email: Email) async throws(StoreError) -> User {
    try await write(statements.addResetToken, repeating: .safe) { query throws(StoreError) in
      query.add(try token.id.storable)
      query.add(token.createdAt.secondsSince1970)
      query.add(token.expiresAt.secondsSince1970)
      query.add(email.text)
    } _: { result throws(StoreError) in
      guard result.count > 0 else { throw .noResultFound }
      let user = result.user(0, 0)
      guard user.resetToken != nil else { throw .emailNotVerified }
      return user
    }
  }

  /// Finds a token's user: ``AuthCore/ResetTokenStore/findUser(withResetToken:now:)``.
  public func findUser(withResetToken id: TokenDigest, now: Timestamp) async throws(StoreError) -> User? {
    guard let bytes = DigestBytes(id) else { return nil }
    return try await read(statements.userWithResetToken) { query in
      query.add(bytes)
      query.add(now.secondsSince1970)
    } _: {
      $0.count > 0 ? $0.user(0, 0) : nil
    }
  }

  /// Uses a reset token: ``AuthCore/ResetTokenStore/consumeResetToken(_:)``.
  public func consumeResetToken(_ use: ResetToken.Use) async throws(StoreError) -> Bool {
    // Once a token is used, nothing in the database leads from it to its user any more. If the outcome is unknown, the user's
    // hash tells whether it was used.
    guard let bytes = DigestBytes(use.id), let user = try await findUser(withResetToken: use.id, now: use.now) else {
      return false
    }
    return try await write(statements.consumeResetToken, repeating: .announced) { query in
      query.add(bytes)
      query.add(user.id)
      query.add(use.now.secondsSince1970)
      query.add(use.hash.text)
      query.add(use.endsSessions)
      query.add(use.clearedCounter.map { [$0] } ?? [])
      query.add(notice: use.notice)
    } _: {
      $0.boolean(0, 0)
    }
  }
}
#endif
