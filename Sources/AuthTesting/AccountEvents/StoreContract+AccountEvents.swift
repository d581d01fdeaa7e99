extension StoreContract.Port {
  /// `AccountEventStore`, which a store need not have.
  public static let accountEvents: Self = .init("account events") {
    [
      .changesOfAccountsAreTold, .everyNewAccountIsTold, .changedEmailsAreTold, .whatDidNotHappenIsNotTold,
      .accountEventsAreKeptWhileAskedFor, .accountEventsComeInOrder, .accountEventIsClaimedOnce, .accountEventsOutliveReopening,
    ]
  }
}
