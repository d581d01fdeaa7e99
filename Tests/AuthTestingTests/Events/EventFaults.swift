import AuthTesting

extension Fault {
  /// The faults of `EventStore`.
  static let events: [Fault] = [
    .returnsOldestEventsFirst, .ignoresEmailsOfEvents, .losesAgentsOfEvents, .deletesEventsWithAccount, .keepsAllEvents,
    .deletesNewestEvents, .deletesManyEvents, .losesSimultaneousEvents,
  ]

  static let returnsOldestEventsFirst = Self("returnsOldestEventsFirst", noticedBy: .eventsAreFoundNewestFirst)
  static let ignoresEmailsOfEvents = Self("ignoresEmailsOfEvents", noticedBy: .eventsAreFoundByEmail)
  static let losesAgentsOfEvents = Self("losesAgentsOfEvents", noticedBy: .eventIsReturnedWhole)
  static let deletesEventsWithAccount = Self("deletesEventsWithAccount", noticedBy: .eventsOutliveTheirAccount)
  static let keepsAllEvents = Self("keepsAllEvents", noticedBy: .eventsKeepToBounds)
  static let deletesNewestEvents = Self("deletesNewestEvents", noticedBy: .eventsKeepToBounds)
  static let deletesManyEvents = Self("deletesManyEvents", noticedBy: .eventsAreDeletedAFewAtATime)
  static let losesSimultaneousEvents = Self("losesSimultaneousEvents", noticedBy: .simultaneousEventsAreAllKept)
}
