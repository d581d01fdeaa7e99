extension InMemoryStore {
  /// A change with its challenge and its tries.
  struct OpenEmailChange {
    let change: EmailChange
    var challenge: EmailChange.Challenge?
    var tries = 0
  }

  /// A right with its token.
  struct HeldTakeBack {
    var takeBack: EmailTakeBack
    var token: TokenDigest?
    /// Which of the user's changes it undoes, counted upwards; 0 until the change has happened.
    var step = 0
  }

  /// Saves a change: ``EmailChangeStore/addEmailChange(_:limit:)``.
  public func addEmailChange(_ request: EmailChange.Request, limit: Int) async throws(StoreError) -> EmailChange.Adding {
    tables.withLock { tables in
      let change = request.change
      guard tables.sessions.contains(where: { $0.id == request.session && $0.userID == change.userID }),
        tables.has(change.former, change.userID)
      else { return .outdated }
      guard tables.outbox.count(where: { $0.message.kind == request.message.kind }) < limit else { return .outboxFull }
      tables.emailChanges[change.userID] = OpenEmailChange(change: change)
      tables.queue(request.message)
      guard tables.unverifiedAccounts[change.userID] == nil else { return .added }
      tables.takeBacks[request.takeBack.id] = HeldTakeBack(takeBack: request.takeBack)
      tables.queue(request.notice)
      return .added
    }
  }

  /// Gives a change a challenge: ``EmailChangeStore/challengeEmailChange(_:with:now:)``.
  public func challengeEmailChange(
    _ id: EmailChange.ID, with challenge: EmailChange.Challenge, now: Timestamp
  ) async throws(StoreError) -> EmailChange? {
    tables.withLock { tables in
      guard let change = tables.emailChanges.values.first(where: { $0.change.id == id })?.change, change.expiresAt > now else {
        return nil
      }
      tables.emailChanges[change.userID]?.challenge = challenge
      return change
    }
  }

  /// Counts a try: ``EmailChangeStore/tryEmailChange(_:limit:now:)``.
  public func tryEmailChange(
    _ proof: EmailChange.Proof, limit: Int, now: Timestamp
  ) async throws(StoreError) -> EmailChange? {
    tables.withLock { tables in
      let named: OpenEmailChange? =
        switch proof {
        case .token(let token): tables.emailChanges.values.first { $0.challenge?.token == token }
        case .code(_, let id): tables.emailChanges[id]
        }
      guard let named, let challenge = named.challenge, named.change.expiresAt > now, named.tries < limit else { return nil }
      if case .code = proof { guard challenge.codeExpiresAt > now else { return nil } }
      tables.emailChanges[named.change.userID]?.tries += 1
      if case .code(let code, _) = proof { return challenge.code == code ? named.change : nil }
      return named.change
    }
  }

  /// Changes an email: ``EmailChangeStore/confirmEmailChange(_:)``.
  public func confirmEmailChange(
    _ confirmation: EmailChange.Confirmation
  ) async throws(StoreError) -> (user: User, replaced: User.ID?) {
    try tables.withLock { (tables) throws(StoreError) in
      let (id, now) = (confirmation.change.userID, confirmation.now)
      guard let change = tables.emailChanges[id]?.change, change.id == confirmation.change.id, change.expiresAt > now,
        tables.has(change.former, id), tables.disabledUsers[id] == nil,
        tables.unverifiedAccounts[id].map({ $0.expiresAt > now }) ?? true
      else { throw .noResultFound }
      let former = tables.unverifiedUser(with: change.email).flatMap { $0.id == id ? nil : $0 }
      try tables.requireFree(change.email, for: id, inPlaceOf: former?.id)
      if let former { tables.delete(former.id) }
      let index = try tables.indexOfUser(id)
      tables.set(change.email, of: index)
      tables.verifiedEmails[id] = (change.email, now)
      tables.revokeResetToken(of: id)
      tables.emailChanges[id] = nil
      tables.deleteRegistrations(of: change.email)
      for move in confirmation.moves { tables.counters[move.to] = tables.counters.removeValue(forKey: move.from) }
      // No one has shown that they read the former email.
      guard !tables.endProbation(of: id) else { return (tables.users[index], former?.id) }
      let held = tables.takeBacks.values.filter { $0.takeBack.userID == id }
      let step = (held.map(\.step).max() ?? 0) + 1
      for var right in held where right.step == 0 && right.takeBack.expiresAt > now {
        right.step = step
        right.takeBack = right.takeBack.lasting(until: confirmation.takeBack.expiresAt)
        tables.takeBacks[right.takeBack.id] = right
      }
      tables.takeBacks[confirmation.takeBack.id] = HeldTakeBack(takeBack: confirmation.takeBack, step: step)
      tables.queue(confirmation.notice)
      return (tables.users[index], former?.id)
    }
  }

  /// Gives a right a token: ``EmailChangeStore/issueTakeBackToken(_:for:now:)``.
  public func issueTakeBackToken(
    _ token: TokenDigest, for id: EmailTakeBack.ID, now: Timestamp
  ) async throws(StoreError) -> EmailTakeBack? {
    tables.withLock { tables in
      guard let takeBack = tables.takeBacks[id]?.takeBack, takeBack.expiresAt > now else { return nil }
      tables.takeBacks[id]?.token = token
      return takeBack
    }
  }

  /// Finds a right: ``EmailChangeStore/findTakeBack(withToken:now:)``.
  public func findTakeBack(
    withToken token: TokenDigest, now: Timestamp
  ) async throws(StoreError) -> (takeBack: EmailTakeBack, user: User)? {
    tables.withLock { tables in
      guard let held = tables.takeBack(withToken: token, now: now),
        let user = tables.users.first(where: { $0.id == held.takeBack.userID })
      else { return nil }
      return (held.takeBack, user)
    }
  }

  /// Takes an email back: ``EmailChangeStore/takeBackEmail(_:)``.
  public func takeBackEmail(_ use: EmailTakeBack.Use) async throws(StoreError) -> EmailTakeBack.Outcome {
    try tables.withLock { (tables) throws(StoreError) in
      guard let held = tables.takeBack(withToken: use.token, now: use.now) else { return .refused }
      let (id, email) = (held.takeBack.userID, held.takeBack.email)
      guard tables.has(use.present, id) else { return .outdated }
      try tables.requireFree(email, for: id)
      let index = try tables.indexOfUser(id)
      tables.set(email, of: index)
      tables.users[index].hashedPassword = use.hash
      tables.verifiedEmails[id] = (email, use.now)
      tables.revokeResetToken(of: id)
      tables.endSessions { $0.userID == id }
      let rights = tables.takeBacks.values.filter { $0.takeBack.userID == id && $0.step == held.step }
      let trusted = (rights.map(\.takeBack.createdAt).min() ?? held.takeBack.createdAt) - use.recoveryEmailAge
      if let recovery = tables.recoveryEmails[id], recovery.verifiedAt >= trusted { tables.recoveryEmails[id] = nil }
      tables.voidEmailChange(of: id)
      if held.step > 0 {
        tables.takeBacks = tables.takeBacks.filter { $0.value.takeBack.userID != id || $0.value.step < held.step }
      }
      for key in use.clearedCounters { tables.counters[key] = nil }
      for notice in use.notices { tables.queue(notice) }
      return .takenBack(tables.users[index])
    }
  }
}

extension InMemoryStore.Tables {
  /// Whether this is the user's email, byte for byte.
  fileprivate func has(_ email: Email, _ id: User.ID) -> Bool {
    users.contains { $0.id == id && $0.email.text.hasSameBytes(as: email.text) }
  }

  fileprivate func takeBack(withToken token: TokenDigest, now: Timestamp) -> InMemoryStore.HeldTakeBack? {
    takeBacks.values.first { $0.token == token && $0.takeBack.expiresAt > now }
  }

  /// Deletes the user's open change, the rights that came with its request and those before it, and the open request for a
  /// recovery email.
  mutating func voidEmailChange(of id: User.ID) {
    emailChanges[id] = nil
    recoveryEmailRequests[id] = nil
    takeBacks = takeBacks.filter { $0.value.takeBack.userID != id || $0.value.step > 0 }
  }
}

extension EmailTakeBack {
  fileprivate func lasting(until end: Timestamp) -> EmailTakeBack {
    EmailTakeBack(id: id, userID: userID, email: email, createdAt: createdAt, expiresAt: end)
  }
}
