extension StoreContract.Port {
  /// `AdministrationStore`
  public static let administration: Self = .init("administration") {
    [
      .accountsAreInOrderOfEmails, .pageBeginsAfterTheLast, .prefixSelectsAccounts, .listHasState,
      .userComesWithMessage, .takenEmailQueuesNothing, .fullOutboxAddsNoUser,
      .importAddsUsers, .importLeavesUsers, .importComesOnce,
      .erasedUserLeavesNothing, .erasureIsOfOneUser, .clearingIsOfTheseCounters, .messagesAreOfOneUser, .everythingIsCounted,
      .erasureQueuesNotice, .clearingQueuesNotice,
    ]
  }
}
