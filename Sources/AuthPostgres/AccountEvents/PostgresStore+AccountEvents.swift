#if Postgres
public import AuthCore

extension PostgresStore: AccountEventStore {
  /// Keeps events: ``AuthCore/AccountEventStore/keepAccountEvents(for:)``.
  public func keepAccountEvents(for duration: Duration) async throws(StoreError) {
    try await write(statements.keepAccountEvents, repeating: .safe) {
      $0.add(duration.components.seconds)
    } _: { _ in
    }
  }

  /// Claims an event: ``AuthCore/AccountEventStore/claimAccountEvent(now:until:)``.
  public func claimAccountEvent(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> AccountEvent? {
    // Called often, and usually nothing is due.
    let isDue = try await read(statements.dueAccountEvent) {
      $0.add(now.secondsSince1970)
    } _: {
      $0.count > 0
    }
    guard isDue else { return nil }
    // An event that was claimed by a call whose answer was lost is due again at its deadline.
    return try await write(statements.claimAccountEvent, repeating: .safe) { query in
      query.add(now.secondsSince1970)
      query.add(deadline.secondsSince1970)
    } _: {
      $0.count > 0 ? $0.accountEvent(0) : nil
    }
  }

  /// Postpones an event: ``AuthCore/AccountEventStore/postponeAccountEvent(_:until:)``.
  public func postponeAccountEvent(_ id: AccountEvent.ID, until moment: Timestamp) async throws(StoreError) {
    try await write(statements.postponeAccountEvent, repeating: .safe) { query in
      query.add(id)
      query.add(moment.secondsSince1970)
    } _: { _ in
    }
  }

  /// Deletes an event: ``AuthCore/AccountEventStore/removeAccountEvent(_:)``.
  public func removeAccountEvent(_ id: AccountEvent.ID) async throws(StoreError) {
    try await write(statements.removeAccountEvent, repeating: .safe) {
      $0.add(id)
    } _: { _ in
    }
  }
}

extension PostgresResult {
  /// The event in the eight columns of `account_events`.
  fileprivate func accountEvent(_ row: Int) -> AccountEvent {
    AccountEvent(
      id: text(row, 1), kind: AccountEvent.Kind(rawValue: text(row, 2)), userID: integer(row, 3),
      email: Email(stored: text(row, 4)), at: timestamp(row, 5), tries: Int(integer(row, 7)))
  }
}
#endif
