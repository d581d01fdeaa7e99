extension StoreContract.Port {
  /// `ResetTokenStore`
  public static let resetTokens: Self = .init("reset tokens") {
    [
      .tokenLeadsToUser, .newerTokenReplacesOlder, .tokenNeedsUser, .revokedTokenIsVoid, .sessionIsNoToken,
      .madeUpDigestMatchesNothing, .tokensOutliveReopening,
      .useSetsHash, .tokenWorksOnce, .useLeavesSessions, .useEndsSessions, .useSparesOthers, .oneUseSucceeds,
      .noLoginSurvivesReset, .useQueuesNotice, .useClearsCounter,
      .tokenExpires, .unexpiredTokenWorks, .expiredTokenChangesNothing,
    ]
  }
}
