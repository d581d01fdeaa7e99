#if Postgres
public import AuthCore

extension PostgresStore {
  /// Disables a user: ``AuthCore/DisablingStore/disableUser(_:at:endingSessionsIn:notice:)``.
  public func disableUser(
    _ id: User.ID, at moment: Timestamp, endingSessionsIn live: Session.Cutoff, notice: OutboxMessage?
  ) async throws(StoreError) -> [TokenDigest]? {
    try await write(statements.disableUser, repeating: .none) { query in
      query.add(id)
      query.add(moment.secondsSince1970)
      query.add(live.expiringAfter.secondsSince1970)
      query.add(live.usedAfter.secondsSince1970)
      query.add(notice: notice)
    } _: { result throws(StoreError) in
      guard result.integer(0, 0) > 0 else { throw .noResultFound }
      return result.integer(0, 0) == 1 ? nil : result.elements(0, 1).map { TokenDigest(hex: hexadecimal($0)) }
    }
  }

  /// Enables a user: ``AuthCore/DisablingStore/enableUser(_:notice:)``.
  public func enableUser(_ id: User.ID, notice: OutboxMessage?) async throws(StoreError) -> Bool {
    try await write(statements.enableUser, repeating: .none) {
      $0.add(id)
      $0.add(notice: notice)
    } _: { result throws(StoreError) in
      guard result.integer(0, 0) > 0 else { throw .noResultFound }
      return result.integer(0, 0) == 2
    }
  }

  /// Finds out whether a user is disabled: ``AuthCore/DisablingStore/disabledAt(_:)``.
  public func disabledAt(_ id: User.ID) async throws(StoreError) -> Timestamp? {
    try await read(statements.disabledAt) {
      $0.add(id)
    } _: {
      $0.count > 0 ? $0.timestamp(0, 0) : nil
    }
  }
}
#endif
