extension InMemoryStore {
  /// A registration with its challenge and its tries.
  struct WaitingRegistration {
    let registration: Registration
    var challenge: Registration.Challenge?
    var tries = 0
  }

  /// Saves a registration: ``VerificationStore/addRegistration(_:queueing:limit:)``.
  public func addRegistration(
    _ registration: Registration, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> Bool {
    tables.withLock { tables in
      guard tables.outbox.count(where: { $0.message.kind == message.kind }) < limit else { return false }
      tables.registrations[registration.id] = WaitingRegistration(registration: registration)
      tables.queue(message)
      return true
    }
  }

  /// Gives a registration a challenge: ``VerificationStore/challengeRegistration(_:with:now:)``.
  public func challengeRegistration(
    _ id: Registration.ID, with challenge: Registration.Challenge, now: Timestamp
  ) async throws(StoreError) -> Registration? {
    tables.withLock { tables in
      guard let waiting = tables.registrations[id], waiting.registration.expiresAt > now else { return nil }
      tables.registrations[id]?.challenge = challenge
      return waiting.registration
    }
  }

  /// Counts a try: ``VerificationStore/tryRegistration(_:limit:now:)``.
  public func tryRegistration(
    _ proof: Registration.Proof, limit: Int, now: Timestamp
  ) async throws(StoreError) -> Registration? {
    tables.withLock { tables in
      let named: Registration.ID? =
        switch proof {
        case .token(let token): tables.registrations.first { $0.value.challenge?.token == token }?.key
        case .code(_, let id): id
        }
      guard let named, let waiting = tables.registrations[named], let challenge = waiting.challenge,
        waiting.registration.expiresAt > now, waiting.tries < limit
      else { return nil }
      if case .code(let code, _) = proof {
        guard challenge.codeExpiresAt > now else { return nil }
        tables.registrations[named]?.tries += 1
        return challenge.code == code ? waiting.registration : nil
      }
      tables.registrations[named]?.tries += 1
      return waiting.registration
    }
  }

  /// Completes a registration: ``VerificationStore/completeRegistration(_:ifPassword:now:)``.
  public func completeRegistration(
    _ registration: Registration, ifPassword expected: PasswordHash?, now: Timestamp
  ) async throws(StoreError) -> Registration.Completion {
    try tables.withLock { (tables) throws(StoreError) in
      guard let waiting = tables.registrations[registration.id]?.registration, waiting.expiresAt > now else {
        throw .noResultFound
      }
      let former = tables.unverifiedUser(with: waiting.email)
      let isItsOwn = former.map { tables.unverifiedAccounts[$0.id]?.registration == waiting.id } ?? false
      try tables.requireFree(waiting.email, for: nil, inPlaceOf: former?.id)
      let hash = isItsOwn ? former?.hashedPassword : waiting.hashedPassword
      guard expected == nil || expected == hash else { return .passwordChanged }
      tables.deleteRegistrations(of: waiting.email)
      if let former, isItsOwn {
        tables.endProbation(of: former.id)
        tables.verifiedEmails[former.id] = (former.email, now)
        return .verified(former)
      }
      if let former { tables.delete(former.id) }
      let user = tables.add(waiting.email, waiting.hashedPassword)
      tables.verifiedEmails[user.id] = (user.email, now)
      return former.map { .replaced($0.id, by: user) } ?? .created(user)
    }
  }

  /// When an email was verified: ``VerificationStore/emailVerifiedAt(_:)``.
  public func emailVerifiedAt(_ id: User.ID) async throws(StoreError) -> Timestamp? {
    tables.withLock { tables in
      guard let user = tables.users.first(where: { $0.id == id }), let verified = tables.verifiedEmails[id],
        verified.email.text.hasSameBytes(as: user.email.text)
      else { return nil }
      return verified.at
    }
  }
}
