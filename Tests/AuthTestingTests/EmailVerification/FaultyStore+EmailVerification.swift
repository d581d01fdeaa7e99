import AuthCore
import AuthTesting
import Synchronization

extension FaultyStore {
  /// What faults remember of registrations in addition to the base store.
  struct RegistrationMemory {
    var registrations: [Registration.ID: Registration] = [:]
    var challenges: [Registration.ID: [Registration.Challenge]] = [:]
    var tries: [Registration.ID: Int] = [:]
    var voided: Set<Registration.ID> = []
    var verifiedAt: [User.ID: Timestamp] = [:]
    var isReopened = false
    /// The unverified accounts as they were when they were opened.
    var unverified: [User.ID: UnverifiedAccount] = [:]

    func registration(_ isMeant: (Registration.Challenge) -> Bool) -> Registration? {
      challenges.first { $0.value.contains(where: isMeant) }.flatMap { registrations[$0.key] }
    }
  }

  func addRegistration(
    _ registration: Registration, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> Bool {
    if fault == .refusesTakenRegistration, await users().contains(where: { $0.email == registration.email }) { return false }
    memory.withLock { $0.verification.registrations[registration.id] = registration }
    let isAdded = try await base.addRegistration(registration, queueing: message, limit: limit)
    if fault == .keepsRefusedRegistration, !isAdded { try await addAgain(registration) }
    if fault == .losesVerificationMessage { try await base.removeMessage(message.id) }
    if fault == .registersAtOnce {
      _ = try? await add(registration.email, registration.hashedPassword)
    }
    return isAdded
  }

  func challengeRegistration(
    _ id: Registration.ID, with challenge: Registration.Challenge, now: Timestamp
  ) async throws(StoreError) -> Registration? {
    guard !memory.withLock({ $0.verification.voided.contains(id) }) else { return nil }
    memory.withLock { $0.verification.challenges[id, default: []].append(challenge) }
    return try await base.challengeRegistration(id, with: challenge, now: shifted(now, by: .registrationLastsLonger))
  }

  func tryRegistration(
    _ proof: Registration.Proof, limit: Int, now: Timestamp
  ) async throws(StoreError) -> Registration? {
    let known = memory.withLock(\.verification)
    var (limit, now) = (limit, shifted(now, by: .registrationLastsLonger))
    if fault == .forgetsTries, known.isReopened { limit = .max }
    switch proof {
    case .token(let token):
      let named = known.registration { $0.token == token }
      switch fault {
      case .takesCodeForToken: if let found = known.registration({ $0.code == token }) { return found }
      case .keepsOlderChallenge, .countsNoLink: if let named { return named }
      case .linkEndsWithCode:
        guard let named, let end = known.challenges[named.id]?.last?.codeExpiresAt, end > now else { return nil }
      case .looksThenCountsTry:
        guard let named, case let tries = known.tries[named.id] ?? 0, tries < limit else { return nil }
        await letOthersRun()
        memory.withLock { $0.verification.tries[named.id] = tries + 1 }
        return named
      default: break
      }
    case .code(let code, let id):
      now = shifted(now, by: .codeLastsLonger)
      switch fault {
      case .keepsOlderChallenge: if let found = known.registration({ $0.code == code }) { return found }
      case .takesCodeOfAnyone: if known.registration({ $0.code == code }) != nil { return known.registrations[id] }
      case .countsNoWrongCode: guard known.challenges[id]?.last?.code == code else { return nil }
      default: break
      }
    }
    return try await base.tryRegistration(proof, limit: limit, now: now)
  }

  func completeRegistration(
    _ registration: Registration, ifPassword expected: PasswordHash?, now: Timestamp
  ) async throws(StoreError) -> Registration.Completion {
    if fault == .looksThenCompletes {
      guard try await user(with: registration.email) == nil else { throw .emailTaken }
      await letOthersRun()
    }
    do {
      let completion = try await completeUnverified(
        registration, ifPassword: expected, now: shifted(now, by: .completesLater))
      guard let user = completion.user else { return completion }
      try await keepOrVoidOthers(than: registration)
      memory.withLock { memory in
        memory.newestID = max(memory.newestID, user.id)
        memory.verification.verifiedAt[user.id] = now
      }
      return completion
    } catch {
      if let user = try await user(with: registration.email) {
        switch fault {
        case .completesTwice where error == .noResultFound, .looksThenCompletes, .looksThenVerifies: return .created(user)
        case .replacesTakenUser where error == .emailTaken:
          _ = try await base.deleteUser(user.id, ifPassword: user.hashedPassword)
          return try await base.completeRegistration(registration, ifPassword: expected, now: now)
        default: break
        }
      }
      throw error
    }
  }

  func emailVerifiedAt(_ id: User.ID) async throws(StoreError) -> Timestamp? {
    if fault == .verifiesNothing { return nil }
    if fault == .verifiesAnyEmail { return memory.withLock { $0.verification.verifiedAt[id] } }
    return try await base.emailVerifiedAt(id)
  }

  private func keepOrVoidOthers(than completed: Registration) async throws(StoreError) {
    for other in memory.withLock(\.verification.registrations).values where other.id != completed.id {
      switch fault {
      case .keepsOtherRegistrations where other.email == completed.email: try await addAgain(other)
      case .foldsNoRegisteredCase where other.email == completed.email && other.email.text != completed.email.text:
        try await addAgain(other)
      case .voidsAllRegistrations: memory.withLock { _ = $0.verification.voided.insert(other.id) }
      default: break
      }
    }
  }

  func addAgain(_ registration: Registration) async throws(StoreError) {
    let message = OutboxMessage(
      id: "again", kind: .emailVerification, email: registration.email, createdAt: registration.createdAt)
    _ = try await base.addRegistration(registration, queueing: message, limit: .max)
    try await base.removeMessage(message.id)
  }

  private func user(with email: Email) async throws(StoreError) -> User? {
    await users().first { $0.email == email }
  }
}
