internal import AuthCore

extension SQLiteConnection {
  /// Remembers the client of a login; to be called in its transaction. Most often this is one lookup by the primary key.
  func remember(_ sighting: KnownClient.Sighting, of id: User.ID) throws {
    let rows = try query(
      "SELECT digest, last_seen FROM known_clients WHERE user_id = ?1 AND digest IN (?2, ?3)",
      [.integer(id), .text(sighting.digest.hex), .text(KnownClient.any.hex)]
    ) { (digest: TokenDigest(hex: $0.text(0) ?? ""), lastSeen: $0.timestamp(1)) }
    let change = sighting.change(
      lastSeen: rows.first { $0.digest == sighting.digest }?.lastSeen,
      hasLoggedIn: rows.contains { $0.digest == KnownClient.any })
    guard change != .none else { return }
    if change == .first { try see(KnownClient.any, of: id, at: .distantFuture) }
    try see(sighting.digest, of: id, at: sighting.at)
    if change == .new { try insert(sighting.notice) }
  }

  private func see(_ digest: TokenDigest, of id: User.ID, at moment: Timestamp) throws {
    try run(
      """
      INSERT INTO known_clients (user_id, digest, last_seen) VALUES (?1, ?2, ?3)
      ON CONFLICT (user_id, digest) DO UPDATE SET last_seen = ?3
      """, [.integer(id), .text(digest.hex), SQLiteValue(moment)])
  }
}
