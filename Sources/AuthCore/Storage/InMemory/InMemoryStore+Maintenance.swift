extension InMemoryStore {
  /// Counts sessions and messages: ``MaintenanceStore/gauges(live:)``.
  public func gauges(live: Session.Cutoff) async throws(StoreError) -> StoreGauges {
    tables.withLock { tables in
      StoreGauges(
        openSessions: tables.sessions.count { live.contains($0) }, waitingMessages: tables.outbox.count,
        oldestMessage: tables.outbox.map(\.message.createdAt).min())
    }
  }

  /// Deletes ended rows: ``MaintenanceStore/purge(_:)``.
  public func purge(_ scope: Purge.Scope) async throws(StoreError) -> Purge.Result {
    tables.withLock { tables in
      let sessions = Array(tables.sessions.filter { !scope.live.contains($0) }.prefix(scope.limit))
      tables.endSessions { sessions.contains($0) }
      var count = sessions.count
      for (_, issued) in tables.resetTokens where count < scope.limit && issued.token.expiresAt <= scope.live.expiringAfter {
        tables.revokeResetToken(of: issued.userID)
        count += 1
      }
      for (id, waiting) in tables.registrations
      where count < scope.limit && waiting.registration.expiresAt <= scope.live.expiringAfter {
        tables.registrations[id] = nil
        count += 1
      }
      let expired = tables.unverifiedAccounts.filter { $0.value.expiresAt <= scope.live.expiringAfter }.map(\.key)
      let users = Array(expired.prefix(scope.limit - count))
      for id in users { tables.delete(id) }
      count += users.count
      for (id, open) in tables.emailChanges
      where count < scope.limit && open.change.expiresAt <= scope.live.expiringAfter {
        tables.emailChanges[id] = nil
        count += 1
      }
      for (id, open) in tables.recoveryEmailRequests
      where count < scope.limit && open.request.expiresAt <= scope.live.expiringAfter {
        tables.recoveryEmailRequests[id] = nil
        count += 1
      }
      for (id, held) in tables.takeBacks
      where count < scope.limit && held.takeBack.expiresAt <= scope.live.expiringAfter {
        tables.takeBacks[id] = nil
        count += 1
      }
      let forgotten = tables.counters.filter { key, counter in
        counter.lastAt < scope.countersBefore && !(key.kind == .loginEmail && counter.count >= scope.lockThreshold)
      }
      for key in forgotten.keys where count < scope.limit {
        tables.counters[key] = nil
        count += 1
      }
      for (id, clients) in tables.knownClients {
        for (digest, seen) in clients where count < scope.limit && seen < scope.clientsBefore {
          tables.knownClients[id]?[digest] = nil
          count += 1
        }
      }
      return Purge.Result(sessions: sessions, users: users, count: count)
    }
  }
}
