public import AuthCore

extension InterceptingStore.Operation {
  /// ``AuthCore/DisablingStore/disableUser(_:at:endingSessionsIn:notice:)``
  public static let disableUser = Self(writing: "disableUser")
  /// ``AuthCore/DisablingStore/enableUser(_:notice:)``
  public static let enableUser = Self(writing: "enableUser")
  /// ``AuthCore/DisablingStore/disabledAt(_:)``
  public static let disabledAt = Self(reading: "disabledAt")
}

extension InterceptingStore {
  /// ``AuthCore/DisablingStore/disableUser(_:at:endingSessionsIn:notice:)`` of the base store.
  public func disableUser(
    _ id: User.ID, at moment: Timestamp, endingSessionsIn live: Session.Cutoff, notice: OutboxMessage?
  ) async throws(StoreError) -> [TokenDigest]? {
    try await base(for: .disableUser).disableUser(id, at: moment, endingSessionsIn: live, notice: notice)
  }

  /// ``AuthCore/DisablingStore/enableUser(_:notice:)`` of the base store.
  public func enableUser(_ id: User.ID, notice: OutboxMessage?) async throws(StoreError) -> Bool {
    try await base(for: .enableUser).enableUser(id, notice: notice)
  }

  /// ``AuthCore/DisablingStore/disabledAt(_:)`` of the base store.
  public func disabledAt(_ id: User.ID) async throws(StoreError) -> Timestamp? {
    try await base(for: .disabledAt).disabledAt(id)
  }
}
