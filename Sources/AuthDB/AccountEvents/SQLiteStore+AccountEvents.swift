public import AuthCore

extension SQLiteStore: AccountEventStore {
  /// Keeps events: ``AuthCore/AccountEventStore/keepAccountEvents(for:)``.
  public func keepAccountEvents(for duration: Duration) async throws(StoreError) {
    _ = try await write { connection in
      try connection.run("DELETE FROM account_event_lease")
      try connection.run(
        "INSERT INTO account_event_lease (kept_until) VALUES (unixepoch() + ?1)", [.integer(duration.components.seconds)])
    }
  }

  /// Claims an event: ``AuthCore/AccountEventStore/claimAccountEvent(now:until:)``.
  public func claimAccountEvent(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> AccountEvent? {
    // Called often, and usually nothing is due. A read finds that out without waiting for the writer.
    let isDue = try await read { connection in
      try !connection.query("SELECT 1 FROM account_events WHERE due_at <= ?1 LIMIT 1", [SQLiteValue(now)]) { _ in }.isEmpty
    }
    guard isDue else { return nil }
    return try await write { connection in
      try connection.query(
        """
        UPDATE account_events SET tries = tries + 1, due_at = ?2
        WHERE number = (
          SELECT e.number FROM account_events e WHERE e.due_at <= ?1 AND NOT EXISTS (
            SELECT 1 FROM account_events o WHERE o.user_id = e.user_id AND o.number < e.number)
          ORDER BY e.due_at, e.number LIMIT 1)
        RETURNING id, kind, user_id, email, at, tries
        """, [SQLiteValue(now), SQLiteValue(deadline)]
      ) { $0.accountEvent() }.first
    }
  }

  /// Postpones an event: ``AuthCore/AccountEventStore/postponeAccountEvent(_:until:)``.
  public func postponeAccountEvent(_ id: AccountEvent.ID, until moment: Timestamp) async throws(StoreError) {
    _ = try await write { connection in
      try connection.run("UPDATE account_events SET due_at = ?2 WHERE id = ?1", [.text(id), SQLiteValue(moment)])
    }
  }

  /// Deletes an event: ``AuthCore/AccountEventStore/removeAccountEvent(_:)``.
  public func removeAccountEvent(_ id: AccountEvent.ID) async throws(StoreError) {
    _ = try await write { connection in
      try connection.run("DELETE FROM account_events WHERE id = ?1", [.text(id)])
    }
  }
}

extension SQLiteStatement {
  fileprivate func accountEvent() -> AccountEvent {
    AccountEvent(
      id: text(0) ?? "", kind: AccountEvent.Kind(rawValue: text(1) ?? ""), userID: integer(2),
      email: Email(stored: text(3) ?? ""), at: timestamp(4), tries: Int(integer(5)))
  }
}
