extension InMemoryStore {
  /// Opens an account: ``VerificationStore/openUnverifiedAccount(_:queueing:limit:)``.
  public func openUnverifiedAccount(
    _ registration: Registration, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> Registration.Opening {
    try tables.withLock { (tables) throws(StoreError) in
      let former = tables.unverifiedUser(with: registration.email)
      try tables.requireFree(registration.email, for: nil, inPlaceOf: former?.id)
      guard tables.outbox.count(where: { $0.message.kind == message.kind }) < limit else { return .outboxFull }
      tables.registrations[registration.id] = WaitingRegistration(registration: registration)
      tables.queue(message)
      guard former == nil else { return .waits }
      let user = tables.add(registration.email, registration.hashedPassword)
      tables.unverifiedAccounts[user.id] = UnverifiedAccount(
        registration: registration.id, expiresAt: registration.expiresAt)
      return .opened(user)
    }
  }

  /// Finds an unverified account: ``VerificationStore/unverifiedAccount(_:)``.
  public func unverifiedAccount(_ id: User.ID) async throws(StoreError) -> UnverifiedAccount? {
    tables.withLock { $0.unverifiedAccounts[id] }
  }

  /// Vouches for an email: ``VerificationStore/vouchForEmail(of:)``.
  public func vouchForEmail(of id: User.ID) async throws(StoreError) -> Bool {
    try tables.withLock { (tables) throws(StoreError) in
      let index = try tables.indexOfUser(id)
      guard tables.endProbation(of: id) else { return false }
      tables.deleteRegistrations(of: tables.users[index].email)
      return true
    }
  }
}

extension InMemoryStore.Tables {
  /// The user who has the email, if their account is unverified.
  func unverifiedUser(with email: Email) -> User? {
    users.first { $0.email == email && unverifiedAccounts[$0.id] != nil }
  }

  /// Makes an unverified account one like any other, and returns whether it was unverified. The registration that has opened it
  /// goes with it.
  @discardableResult
  mutating func endProbation(of id: User.ID) -> Bool {
    guard let account = unverifiedAccounts.removeValue(forKey: id) else { return false }
    registrations[account.registration] = nil
    return true
  }

  mutating func deleteRegistrations(of email: Email) {
    registrations = registrations.filter { $0.value.registration.email != email }
  }
}
