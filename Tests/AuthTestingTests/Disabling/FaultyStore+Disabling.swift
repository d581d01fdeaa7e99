import AuthCore
import AuthTesting
import Synchronization

extension FaultyStore {
  func disableUser(
    _ id: User.ID, at moment: Timestamp, endingSessionsIn live: Session.Cutoff, notice: OutboxMessage?
  ) async throws(StoreError) -> [TokenDigest]? {
    let ended: [TokenDigest]?
    do {
      ended =
        if disablesBesideBase {
          try await disableBesideBase(id, at: moment, live)
        } else {
          try await base.disableUser(
            id, at: moment, endingSessionsIn: fault == .returnsDeadSessionsOfDisabled ? .everySession : live,
            notice: fault == .tellsNoOneOfDisabling ? nil : notice)
        }
    } catch {
      guard fault == .disablesUnknown else { throw error }
      return []
    }
    switch fault {
    case .tellsOfDisablingTwice where ended == nil: if let notice { _ = try await base.addMessage(notice, limit: .max) }
    case .endsSessionsOfAllWithOne: await endSessions { _ in true }
    case .revokesTokenOfDisabled: try await base.updateUser(id, .revokeResetToken)
    case .disablesAll:
      for user in await users() { _ = try await base.disableUser(user.id, at: moment, endingSessionsIn: live) }
    case .movesDisabling where ended == nil:
      _ = try await base.enableUser(id)
      return try await base.disableUser(id, at: moment, endingSessionsIn: live)
    case .disablesEmail:
      let email = try await base.findUser(by: .id(id)).email
      memory.withLock { _ = $0.disabledEmails.insert(email) }
    default: break
    }
    return ended
  }

  func enableUser(_ id: User.ID, notice: OutboxMessage?) async throws(StoreError) -> Bool {
    if fault == .neverEnables { return try await base.disabledAt(id) != nil }
    let wasDisabled = try await base.enableUser(id, notice: fault == .tellsNoOneOfEnabling ? nil : notice)
    if fault == .tellsOfEnablingTwice, !wasDisabled, let notice { _ = try await base.addMessage(notice, limit: .max) }
    return wasDisabled
  }

  func disabledAt(_ id: User.ID) async throws(StoreError) -> Timestamp? {
    if let moment = memory.withLock({ $0.disabled[id] }) { return moment }
    return try await base.disabledAt(id)
  }

  /// What adding a session for a disabled user comes to, with the fault; nil if it is to be added.
  func openingIfDisabled(
    _ id: User.ID, replacing former: TokenDigest?, settling attempt: Throttle.Attempt?
  ) async throws(StoreError) -> Session.Opening? {
    guard disablesBesideBase else { return nil }
    guard memory.withLock({ $0.disabled[id] }) != nil else {
      if fault == .looksThenOpensForDisabled { await letOthersRun() }
      return nil
    }
    switch fault {
    case .opensForDisabled: return nil
    case .countsForDisabled: if let attempt { _ = try await base.settle(attempt) }
    case .replacesForDisabled: if let former { _ = try await base.endSession(former, in: .everySession) }
    default: break
    }
    return .userDisabled
  }

  /// Whether the base store does not know who is disabled, and would open sessions for them.
  private var disablesBesideBase: Bool {
    switch fault {
    case .keepsSessionsOfDisabled, .opensForDisabled, .countsForDisabled, .replacesForDisabled, .looksThenOpensForDisabled: true
    default: false
    }
  }

  private func disableBesideBase(
    _ id: User.ID, at moment: Timestamp, _ live: Session.Cutoff
  ) async throws(StoreError) -> [TokenDigest]? {
    _ = try await base.findUser(by: .id(id))
    memory.withLock { $0.disabled[id] = moment }
    return fault == .keepsSessionsOfDisabled ? [] : try await base.endSessions(.all, of: id, in: live)
  }
}
