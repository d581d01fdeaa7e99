extension InMemoryStore {
  struct Tables {
    var users: [User] = []
    var sessions: [Session] = []
    var resetTokens: [TokenDigest: (token: ResetToken.Record, userID: User.ID)] = [:]
    var outbox: [(message: OutboxMessage, dueAt: Timestamp)] = []
    var counters: [Throttle.Key: Throttle.Counter] = [:]
    var registrations: [Registration.ID: InMemoryStore.WaitingRegistration] = [:]
    /// The emails as they were when they were verified.
    var verifiedEmails: [User.ID: (email: Email, at: Timestamp)] = [:]
    var unverifiedAccounts: [User.ID: UnverifiedAccount] = [:]
    /// The open changes.
    var emailChanges: [User.ID: InMemoryStore.OpenEmailChange] = [:]
    var takeBacks: [EmailTakeBack.ID: InMemoryStore.HeldTakeBack] = [:]
    var recoveryEmails: [User.ID: RecoveryEmail] = [:]
    var recoveryEmailRequests: [User.ID: InMemoryStore.OpenRecoveryEmailRequest] = [:]
    var disabledUsers: [User.ID: Timestamp] = [:]
    /// When each client of a user was seen last.
    var knownClients: [User.ID: [TokenDigest: Timestamp]] = [:]
    var events: [(id: Int64, event: AuthEvent)] = []
    /// The oldest first.
    var accountEvents: [(event: AccountEvent, dueAt: Timestamp)] = []
    var accountEventsAreKeptUntil = Timestamp.distantPast
    /// Ids are never used again.
    var newestID: User.ID = 0
    var newestEventID: Int64 = 0
  }
}

extension InMemoryStore.Tables {
  func indexOfUser(_ id: User.ID) throws(StoreError) -> Int {
    guard let index = users.firstIndex(where: { $0.id == id }) else { throw .noResultFound }
    return index
  }

  /// - Parameter former: another user, who is about to be deleted.
  func requireFree(_ email: Email, for id: User.ID?, inPlaceOf former: User.ID? = nil) throws(StoreError) {
    guard !users.contains(where: { $0.email == email && $0.id != id && $0.id != former }),
      !takeBacks.values.contains(where: { $0.step > 0 && $0.takeBack.email == email && $0.takeBack.userID != id })
    else { throw .emailTaken }
  }

  /// Adds a user whose email is free.
  mutating func add(_ email: Email, _ hash: PasswordHash) -> User {
    newestID += 1
    let user = User(id: newestID, email: email, hashedPassword: hash)
    users.append(user)
    note(.created, of: user)
    return user
  }

  /// Deletes a user with all sessions and tokens.
  mutating func delete(_ id: User.ID) {
    endSessions { $0.userID == id }
    revokeResetToken(of: id)
    disabledUsers[id] = nil
    verifiedEmails[id] = nil
    endProbation(of: id)
    knownClients[id] = nil
    emailChanges[id] = nil
    recoveryEmails[id] = nil
    recoveryEmailRequests[id] = nil
    takeBacks = takeBacks.filter { $0.value.takeBack.userID != id }
    if let user = users.first(where: { $0.id == id }) { note(.deleted, of: user) }
    users.removeAll { $0.id == id }
  }

  func user(withResetToken id: TokenDigest, now: Timestamp) -> User? {
    guard let issued = resetTokens[id], issued.token.expiresAt > now else { return nil }
    return users.first { $0.id == issued.userID }
  }

  /// Byte for byte, where `==` on strings takes canonically equivalent texts for equal.
  func indexOfMessage(_ id: OutboxMessage.ID) -> Int? {
    outbox.firstIndex { $0.message.id.hasSameBytes(as: id) }
  }

  func counters(of keys: [Throttle.Key]) -> [Throttle.Counter] {
    keys.map { counters[$0] ?? .none }
  }

  mutating func settle(_ attempt: Throttle.Attempt) -> Throttle.Outcome {
    var settled = counters(of: attempt.keys)
    var message: OutboxMessage?
    let outcome = attempt.settle(&settled, queueing: &message)
    if let id = message?.userID, users.contains(where: { $0.id == id }) { queue(message) }
    for (key, counter) in zip(attempt.keys, settled) { counters[key] = counter.count > 0 ? counter : nil }
    return outcome
  }

  mutating func remember(_ sighting: KnownClient.Sighting, of id: User.ID) {
    var clients = knownClients[id, default: [:]]
    let change = sighting.change(lastSeen: clients[sighting.digest], hasLoggedIn: clients[KnownClient.any] != nil)
    guard change != .none else { return }
    clients[sighting.digest] = sighting.at
    clients[KnownClient.any] = .distantFuture
    knownClients[id] = clients
    if change == .new { queue(sighting.notice) }
  }

  mutating func endSessions(where isEnding: (Session) -> Bool) {
    let ended = Set(sessions.filter(isEnding).map(\.id))
    sessions.removeAll { ended.contains($0.id) }
    for index in users.indices where users[index].sessionID.map(ended.contains) == true { users[index].sessionID = nil }
  }

  mutating func revokeResetToken(of id: User.ID) {
    resetTokens = resetTokens.filter { $0.value.userID != id }
    for index in users.indices where users[index].id == id { users[index].resetToken = nil }
  }

  /// Queues a message and, if it is a notice that goes to the recovery email, too, a copy.
  mutating func queue(_ message: OutboxMessage?) {
    guard let message else { return }
    outbox.append((message, dueAt: message.createdAt))
    guard let id = message.userID, let recovery = recoveryEmails[id], let user = users.first(where: { $0.id == id }),
      let copy = message.copy(to: recovery.email, of: user.email, id: TokenFormat.uuid.makeToken(SystemRandom()))
    else { return }
    outbox.append((copy, dueAt: copy.createdAt))
  }
}
