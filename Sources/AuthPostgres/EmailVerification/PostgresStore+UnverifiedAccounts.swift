#if Postgres
public import AuthCore

extension PostgresStore {
  /// Opens an account: ``AuthCore/VerificationStore/openUnverifiedAccount(_:queueing:limit:)``.
  public func openUnverifiedAccount(
    _ registration: Registration, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> Registration.Opening {
    try await write(statements.openUnverifiedAccount, repeating: .safe) { query throws(StoreError) in
      try query.add(registration, queueing: message, limit: limit)
    } _: { result throws(StoreError) in
      switch result.integer(0, 0) {
      case 0: throw .emailTaken
      case 1: .outboxFull
      case 2: .waits
      default:
        .opened(
          User(id: result.integer(0, 1), email: registration.email, hashedPassword: registration.hashedPassword))
      }
    }
  }

  /// Finds an unverified account: ``AuthCore/VerificationStore/unverifiedAccount(_:)``.
  public func unverifiedAccount(_ id: User.ID) async throws(StoreError) -> UnverifiedAccount? {
    try await read(statements.unverifiedAccount) { query in
      query.add(id)
    } _: {
      $0.count > 0 ? UnverifiedAccount(registration: $0.digest(0, 0), expiresAt: $0.timestamp(0, 1)) : nil
    }
  }

  /// Vouches for an email: ``AuthCore/VerificationStore/vouchForEmail(of:)``.
  public func vouchForEmail(of id: User.ID) async throws(StoreError) -> Bool {
    try await write(statements.vouchForEmail, repeating: .none) { query in
      query.add(id)
    } _: { result throws(StoreError) in
      guard result.integer(0, 0) > 0 else { throw .noResultFound }
      return result.integer(0, 0) == 2
    }
  }
}
#endif
