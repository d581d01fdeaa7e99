public import AuthCore

extension InterceptingStore.Operation {
  /// ``AuthCore/AdministrationStore/findAccounts(withPrefix:after:limit:)``
  public static let findAccounts = Self(reading: "findAccounts")
  /// ``AuthCore/AdministrationStore/addUser(email:hashedPassword:queueing:limit:)``
  public static let addUserAndMessage = Self(writing: "addUserAndMessage")
  /// ``AuthCore/AdministrationStore/importUsers(_:)``
  public static let importUsers = Self(writing: "importUsers")
  /// ``AuthCore/AdministrationStore/eraseUser(_:clearing:notice:)``
  public static let eraseUser = Self(writing: "eraseUser")
  /// ``AuthCore/AdministrationStore/clearCounters(of:notice:)``
  public static let clearCounters = Self(writing: "clearCounters")
  /// ``AuthCore/AdministrationStore/findMessages(to:)``
  public static let findMessages = Self(reading: "findMessages")
  /// ``AuthCore/AdministrationStore/statistics(live:)``
  public static let statistics = Self(reading: "statistics")
}

extension InterceptingStore {
  /// ``AuthCore/AdministrationStore/findAccounts(withPrefix:after:limit:)`` of the base store.
  public func findAccounts(
    withPrefix prefix: String, after last: Email?, limit: Int
  ) async throws(StoreError) -> [Account.Record] {
    try await base(for: .findAccounts).findAccounts(withPrefix: prefix, after: last, limit: limit)
  }

  /// ``AuthCore/AdministrationStore/addUser(email:hashedPassword:queueing:limit:)`` of the base store.
  public func addUser(
    email: Email, hashedPassword: PasswordHash, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> User? {
    try await base(for: .addUserAndMessage).addUser(
      email: email, hashedPassword: hashedPassword, queueing: message, limit: limit)
  }

  /// ``AuthCore/AdministrationStore/importUsers(_:)`` of the base store.
  public func importUsers(_ users: [Account.Import]) async throws(StoreError) -> [Account.Import.Outcome] {
    try await base(for: .importUsers).importUsers(users)
  }

  /// ``AuthCore/AdministrationStore/eraseUser(_:clearing:notice:)`` of the base store.
  public func eraseUser(
    _ id: User.ID, clearing keys: [Throttle.Key], notice: OutboxMessage?
  ) async throws(StoreError) -> Bool {
    try await base(for: .eraseUser).eraseUser(id, clearing: keys, notice: notice)
  }

  /// ``AuthCore/AdministrationStore/clearCounters(of:notice:)`` of the base store.
  public func clearCounters(of keys: [Throttle.Key], notice: OutboxMessage?) async throws(StoreError) -> Bool {
    try await base(for: .clearCounters).clearCounters(of: keys, notice: notice)
  }

  /// ``AuthCore/AdministrationStore/findMessages(to:)`` of the base store.
  public func findMessages(to id: User.ID) async throws(StoreError) -> [OutboxMessage] {
    try await base(for: .findMessages).findMessages(to: id)
  }

  /// ``AuthCore/AdministrationStore/statistics(live:)`` of the base store.
  public func statistics(live: Session.Cutoff) async throws(StoreError) -> StoreStatistics {
    try await base(for: .statistics).statistics(live: live)
  }
}
