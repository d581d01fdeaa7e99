extension InMemoryStore: AccountEventStore {
  /// Keeps events: ``AccountEventStore/keepAccountEvents(for:)``.
  public func keepAccountEvents(for duration: Duration) async throws(StoreError) {
    tables.withLock { $0.accountEventsAreKeptUntil = SystemClock().now + duration }
  }

  /// Claims an event: ``AccountEventStore/claimAccountEvent(now:until:)``.
  public func claimAccountEvent(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> AccountEvent? {
    tables.withLock { tables in
      let events = tables.accountEvents
      let claimable = events.indices.filter { index in
        events[index].dueAt <= now && !events[..<index].contains { $0.event.userID == events[index].event.userID }
      }
      guard let index = claimable.min(by: { events[$0].dueAt < events[$1].dueAt }) else { return nil }
      tables.accountEvents[index].event.tries += 1
      tables.accountEvents[index].dueAt = deadline
      return tables.accountEvents[index].event
    }
  }

  /// Postpones an event: ``AccountEventStore/postponeAccountEvent(_:until:)``.
  public func postponeAccountEvent(_ id: AccountEvent.ID, until moment: Timestamp) async throws(StoreError) {
    tables.withLock { tables in
      guard let index = tables.indexOfAccountEvent(id) else { return }
      tables.accountEvents[index].dueAt = moment
    }
  }

  /// Deletes an event: ``AccountEventStore/removeAccountEvent(_:)``.
  public func removeAccountEvent(_ id: AccountEvent.ID) async throws(StoreError) {
    tables.withLock { tables in
      guard let index = tables.indexOfAccountEvent(id) else { return }
      tables.accountEvents.remove(at: index)
    }
  }
}

extension InMemoryStore.Tables {
  /// Adds an event, while events are kept.
  mutating func note(_ kind: AccountEvent.Kind, of user: User) {
    let now = SystemClock().now
    guard now < accountEventsAreKeptUntil else { return }
    let id = TokenFormat.uuid.makeToken(SystemRandom())
    let event = AccountEvent(id: id, kind: kind, userID: user.id, email: user.email, at: now, tries: 0)
    accountEvents.append((event, dueAt: now))
  }

  /// Gives a user an email that is free.
  mutating func set(_ email: Email, of index: Int) {
    let former = users[index].email
    users[index].email = email
    if !former.text.hasSameBytes(as: email.text) { note(.emailChanged, of: users[index]) }
  }

  fileprivate func indexOfAccountEvent(_ id: AccountEvent.ID) -> Int? {
    accountEvents.firstIndex { $0.event.id.hasSameBytes(as: id) }
  }
}
