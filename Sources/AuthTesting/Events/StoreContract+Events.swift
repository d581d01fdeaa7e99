extension StoreContract.Port {
  /// `EventStore`, which a store need not have.
  public static let events: Self = .init("events") {
    [
      .eventsAreFoundNewestFirst, .eventsAreFoundByEmail, .eventIsReturnedWhole, .eventsOutliveTheirAccount,
      .eventsKeepToBounds, .eventsAreDeletedAFewAtATime, .simultaneousEventsAreAllKept,
    ]
  }
}
