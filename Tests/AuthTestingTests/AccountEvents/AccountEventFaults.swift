import AuthCore
import AuthTesting

extension Fault {
  /// The faults of `AccountEventStore`.
  static let accountEvents: [Fault] = [
    .tellsNoEmailChange, .tellsNoImport, .tellsUnchangedEmails, .keepsAccountEventsForEver, .forgetsToKeepAccountEvents,
    .claimsAccountEventsOutOfOrder, .looksThenClaimsAccountEvent, .forgetsAccountEvents,
  ]

  static let tellsNoEmailChange = Self(
    "tellsNoEmailChange", noticedBy: .changesOfAccountsAreTold, .changedEmailsAreTold)
  static let tellsNoImport = Self("tellsNoImport", noticedBy: .everyNewAccountIsTold)
  static let tellsUnchangedEmails = Self("tellsUnchangedEmails", noticedBy: .whatDidNotHappenIsNotTold)
  static let keepsAccountEventsForEver = Self("keepsAccountEventsForEver", noticedBy: .accountEventsAreKeptWhileAskedFor)
  static let claimsAccountEventsOutOfOrder = Self("claimsAccountEventsOutOfOrder", noticedBy: .accountEventsComeInOrder)
  static let looksThenClaimsAccountEvent = Self("looksThenClaimsAccountEvent", noticedBy: .accountEventIsClaimedOnce)

  static let forgetsToKeepAccountEvents = Self("forgetsToKeepAccountEvents", noticedBy: .accountEventsOutliveReopening) { store in
    try await store.base.keepAccountEvents(for: .zero)
  }
  static let forgetsAccountEvents = Self("forgetsAccountEvents", noticedBy: .accountEventsOutliveReopening) { store in
    while let event = try await store.base.claimAccountEvent(now: .distantFuture, until: .distantFuture) {
      try await store.base.removeAccountEvent(event.id)
    }
  }
}
