public import AuthCore

extension InterceptingStore.Operation {
  /// ``AuthCore/AccountStore/addUser(email:hashedPassword:)``
  public static let addUser = Self(writing: "addUser")
  /// ``AuthCore/AccountStore/findUser(by:)``
  public static let findUser = Self(reading: "findUser")
  /// ``AuthCore/AccountStore/findUser(email:counters:)``, the read with which a login begins.
  public static let findUserAndCounters = Self(reading: "findUserAndCounters")
  /// ``AuthCore/AccountStore/updateUser(_:_:)``
  public static let updateUser = Self(writing: "updateUser")
  /// ``AuthCore/AccountStore/replaceHashedPassword(of:_:with:)``
  public static let replaceHashedPassword = Self(writing: "replaceHashedPassword")
  /// ``AuthCore/AccountStore/changePassword(of:_:to:renewing:as:endingOthers:notice:)``
  public static let changePassword = Self(writing: "changePassword")
  /// ``AuthCore/AccountStore/deleteUser(_:ifPassword:notice:)``
  public static let deleteUser = Self(writing: "deleteUser")
}

extension InterceptingStore {
  /// ``AuthCore/AccountStore/addUser(email:hashedPassword:)`` of the base store.
  public func addUser(email: Email, hashedPassword: PasswordHash) async throws(StoreError) -> User {
    try await base(for: .addUser).addUser(email: email, hashedPassword: hashedPassword)
  }

  /// ``AuthCore/AccountStore/findUser(by:)`` of the base store.
  public func findUser(by filters: [User.Filter]) async throws(StoreError) -> User {
    try await base(for: .findUser).findUser(by: filters)
  }

  /// ``AuthCore/AccountStore/findUser(email:counters:)`` of the base store.
  public func findUser(
    email: Email?, counters keys: [Throttle.Key]
  ) async throws(StoreError) -> (user: User?, isDisabled: Bool, unverifiedUntil: Timestamp?, counters: [Throttle.Counter]) {
    try await base(for: .findUserAndCounters).findUser(email: email, counters: keys)
  }

  /// ``AuthCore/AccountStore/updateUser(_:_:)`` of the base store.
  public func updateUser(_ id: User.ID, _ changes: [User.Change]) async throws(StoreError) {
    try await base(for: .updateUser).updateUser(id, changes)
  }

  /// ``AuthCore/AccountStore/replaceHashedPassword(of:_:with:)`` of the base store.
  public func replaceHashedPassword(
    of id: User.ID, _ expected: PasswordHash, with hash: PasswordHash
  ) async throws(StoreError) -> Bool {
    try await base(for: .replaceHashedPassword).replaceHashedPassword(of: id, expected, with: hash)
  }

  /// ``AuthCore/AccountStore/changePassword(of:_:to:renewing:as:endingOthers:notice:)`` of the base store.
  public func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool, notice: OutboxMessage?
  ) async throws(StoreError) -> Bool {
    try await base(for: .changePassword).changePassword(
      of: id, expected, to: hash, renewing: old, as: new, endingOthers: endingOthers, notice: notice)
  }

  /// ``AuthCore/AccountStore/deleteUser(_:ifPassword:notice:)`` of the base store.
  public func deleteUser(
    _ id: User.ID, ifPassword expected: PasswordHash, notice: OutboxMessage?
  ) async throws(StoreError) -> Bool {
    try await base(for: .deleteUser).deleteUser(id, ifPassword: expected, notice: notice)
  }
}
