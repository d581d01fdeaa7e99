extension StoreContract {
  /// The clauses of `ResetTokenStore`.
  public static let resetTokenClauses: [Clause] = [
    .tokenLeadsToUser, .newerTokenReplacesOlder, .tokenNeedsUser, .revokedTokenIsVoid, .sessionIsNoToken,
    .madeUpDigestMatchesNothing, .tokensOutliveReopening,
    .useSetsHash, .tokenWorksOnce, .useLeavesSessions, .useEndsSessions, .useSparesOthers, .oneUseSucceeds, .noLoginSurvivesReset,
    .useQueuesNotice, .useClearsCounter,
    .tokenExpires, .unexpiredTokenWorks, .expiredTokenChangesNothing,
  ]
}
