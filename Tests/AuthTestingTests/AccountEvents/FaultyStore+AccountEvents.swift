import AuthCore
import AuthTesting
import Synchronization

extension FaultyStore: AccountEventStore {
  func keepAccountEvents(for duration: Duration) async throws(StoreError) {
    if fault == .keepsAccountEventsForEver, duration == .zero { return }
    try await base.keepAccountEvents(for: duration)
  }

  func claimAccountEvent(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> AccountEvent? {
    guard let event = try await base.claimAccountEvent(now: now, until: deadline) else { return nil }
    switch fault {
    case .tellsNoEmailChange where event.kind == .emailChanged:
      try await base.removeAccountEvent(event.id)
      return try await claimAccountEvent(now: now, until: deadline)
    case .claimsAccountEventsOutOfOrder:
      // Whatever comes after it may be claimed now.
      try await base.removeAccountEvent(event.id)
    case .looksThenClaimsAccountEvent:
      // Leaves the event due until others have looked.
      try await base.postponeAccountEvent(event.id, until: now)
      await letOthersRun()
      try await base.postponeAccountEvent(event.id, until: deadline)
    default: break
    }
    return event
  }

  func postponeAccountEvent(_ id: AccountEvent.ID, until moment: Timestamp) async throws(StoreError) {
    try await base.postponeAccountEvent(id, until: moment)
  }

  func removeAccountEvent(_ id: AccountEvent.ID) async throws(StoreError) { try await base.removeAccountEvent(id) }
}
