import AuthCore
import AuthTesting
import Synchronization

extension FaultyStore {
  func gauges(live: Session.Cutoff) async throws(StoreError) -> StoreGauges {
    let cutoff =
      switch fault {
      case .countsExpiredSessions: Session.Cutoff(expiringAfter: .distantPast, usedAfter: live.usedAfter)
      case .countsIdleSessions: Session.Cutoff(expiringAfter: live.expiringAfter, usedAfter: .distantPast)
      default: live
      }
    let right = try await base.gauges(live: cutoff)
    return switch fault {
    case .leavesOutOneMessage:
      StoreGauges(
        openSessions: right.openSessions, waitingMessages: max(0, right.waitingMessages - 1), oldestMessage: right.oldestMessage)
    case .takesNewestMessageForOldest:
      StoreGauges(
        openSessions: right.openSessions, waitingMessages: right.waitingMessages,
        oldestMessage: memory.withLock { $0.messages.map(\.createdAt).max() })
    default: right
    }
  }
}
