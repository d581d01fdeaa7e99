public import AuthCore

extension SQLiteStore {
  public func addResetRequest(_ request: ResetRequest, limit: Int) async throws(StoreError) -> Bool {
    try await write { connection in
      try connection.run(
        """
        INSERT INTO reset_requests (id, email, created_at, due_at, tries)
        SELECT ?1, ?2, ?3, ?3, ?4 WHERE (SELECT count(*) FROM reset_requests) < ?5
        """,
        [
          .text(request.id), .text(request.email.text), SQLiteValue(request.createdAt), .integer(Int64(request.tries)),
          .integer(Int64(limit)),
        ]) == 1
    }
  }

  public func claimResetRequest(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> ResetRequest? {
    // Asked often, and mostly for nothing: a look does not wait for the writer.
    let isDue = try await read { connection in
      try !connection.query("SELECT 1 FROM reset_requests WHERE due_at <= ?1 LIMIT 1", [SQLiteValue(now)]) { _ in }.isEmpty
    }
    guard isDue else { return nil }
    return try await write { connection in
      try connection.query(
        """
        UPDATE reset_requests SET tries = tries + 1, due_at = ?2
        WHERE id = (SELECT id FROM reset_requests WHERE due_at <= ?1 ORDER BY due_at LIMIT 1)
        RETURNING id, email, created_at, tries
        """, [SQLiteValue(now), SQLiteValue(deadline)]
      ) { row in
        ResetRequest(
          id: row.text(0) ?? "", email: Email(stored: row.text(1) ?? ""), createdAt: row.timestamp(2),
          tries: Int(row.integer(3)))
      }.first
    }
  }

  public func postponeResetRequest(_ id: ResetRequest.ID, until moment: Timestamp) async throws(StoreError) {
    _ = try await write { connection in
      try connection.run("UPDATE reset_requests SET due_at = ?2 WHERE id = ?1", [.text(id), SQLiteValue(moment)])
    }
  }

  public func removeResetRequest(_ id: ResetRequest.ID) async throws(StoreError) {
    _ = try await write { connection in
      try connection.run("DELETE FROM reset_requests WHERE id = ?1", [.text(id)])
    }
  }
}
