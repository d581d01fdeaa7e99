extension StoreContract.Port {
  /// `DisablingStore`
  public static let disabling: Self = .init("disabling") {
    [
      .disablingEndsSessions, .disablingReturnsLiveSessions, .disabledUserGetsNoSession, .noSessionOpensAfterDisabling,
      .stateIsOfOneUser, .disablingIsDoneOnce, .enabledUserGetsSessions, .stateNeedsUser,
      .newPasswordEnablesNoOne, .disablingEndsWithUser, .disablingOutlivesReopening,
      .disablingQueuesNotice, .enablingQueuesNotice,
    ]
  }
}
