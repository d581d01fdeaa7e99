import AuthTesting
import Synchronization

@testable import AuthCore

extension FaultyStore {
  func purge(_ ended: Purge.Scope) async throws(StoreError) -> Purge.Result {
    let isFirst = memory.withLock { memory in
      memory.purges += 1
      return memory.purges == 1
    }
    if fault == .purgesOnce, !isFirst { return Purge.Result(sessions: [], count: 0) }
    if fault == .purgesMessages {
      for message in memory.withLock({ $0.messages }) { try await base.removeMessage(message.id) }
    }
    let before = await users()
    let seen = await sessions().filter { !ended.live.contains($0) }
    if fault == .looksThenPurges { await letOthersRun() }
    if fault == .purgesNoUnverified { base.tables.withLock { $0.unverifiedAccounts = [:] } }
    if fault == .purgesUnverifiedEarly {
      base.tables.withLock { tables in
        for (id, account) in tables.unverifiedAccounts {
          tables.unverifiedAccounts[id] = UnverifiedAccount(
            registration: account.registration, expiresAt: account.expiresAt - .seconds(1))
        }
      }
    }
    let purged = try await base.purge(shifted(ended))
    await putBack(before)
    if fault == .purgesRecoveryEmails { setRecoveryRows(emails: [:]) }
    switch fault {
    case .forgetsPurgedUsers: return Purge.Result(sessions: purged.sessions, count: purged.count)
    case .returnsNoPurged: return Purge.Result(sessions: [], count: purged.count)
    case .looksThenPurges: return Purge.Result(sessions: Array(seen.prefix(ended.limit)), count: min(seen.count, ended.limit))
    case .limitsEachKind:
      let counters = try await base.purge(
        Purge.Scope(live: .everySession, countersBefore: ended.countersBefore, limit: ended.limit))
      return Purge.Result(sessions: purged.sessions, count: purged.count + counters.count)
    case .keepsRowOfZero:
      let rows = memory.withLock { $0.rowsOfZero }
      return Purge.Result(sessions: purged.sessions, count: purged.count + rows)
    default: return purged
    }
  }

  private func shifted(_ ended: Purge.Scope) -> Purge.Scope {
    var (live, countersBefore) = (ended.live, ended.countersBefore)
    let second = Duration.seconds(1)
    switch fault {
    case .purgesLate: live = Session.Cutoff(expiringAfter: live.expiringAfter - second, usedAfter: live.usedAfter)
    case .purgesEarly: live = Session.Cutoff(expiringAfter: live.expiringAfter + second, usedAfter: live.usedAfter)
    case .purgesIdleLate: live = Session.Cutoff(expiringAfter: live.expiringAfter, usedAfter: live.usedAfter - second)
    case .purgesIdleEarly: live = Session.Cutoff(expiringAfter: live.expiringAfter, usedAfter: live.usedAfter + second)
    case .purgesWithin32Bits:
      let last = Timestamp(secondsSince1970: Int64(Int32.max))
      live = Session.Cutoff(expiringAfter: min(live.expiringAfter, last), usedAfter: min(live.usedAfter, last))
    case .purgesNoRegistrations: live = Session.Cutoff(expiringAfter: .distantPast, usedAfter: live.usedAfter)
    case .purgesNoChanges, .purgesNoRecoveryRequests:
      live = Session.Cutoff(expiringAfter: .distantPast, usedAfter: live.usedAfter)
    case .purgesChangesEarly: live = Session.Cutoff(expiringAfter: live.expiringAfter + second, usedAfter: live.usedAfter)
    case .purgesRegistrationsEarly: live = Session.Cutoff(expiringAfter: live.expiringAfter + second, usedAfter: live.usedAfter)
    case .limitsEachKind: countersBefore = .distantPast
    default: break
    }
    return Purge.Scope(
      live: live, countersBefore: countersBefore, lockThreshold: ended.lockThreshold,
      limit: fault == .ignoresPurgeLimit ? .max : ended.limit)
  }

  /// Restores or revokes what the fault keeps or purges too early.
  private func putBack(_ before: [User]) async {
    for user in before {
      switch fault {
      case .keepsSessionIDOfPurged: memory.withLock { $0.purgedSessionIDs[user.id] = user.sessionID }
      case .purgesLiveTokens: try? await base.updateUser(user.id, .revokeResetToken)
      case .keepsVoidTokens:
        guard let digest = user.resetToken else { continue }
        let end = Timestamp(secondsSince1970: .max)
        _ = try? await base.addResetToken(ResetToken.Record(id: digest, createdAt: end, expiresAt: end), for: user.email)
      default: break
      }
    }
  }
}
