extension StoreContract.Port {
  /// `SessionStore`
  public static let sessions: Self = .init("sessions") {
    [
      .sessionIsFoundAsSaved, .authenticationComesBack, .sessionIDIsOfNewest, .formerPasswordOpensNothing, .sessionNeedsUser,
      .profileHasCurrentEmail, .useIsRecorded, .unknownSessionIsNotUsed, .tokenIsNoSession,
      .sessionEndsOnce, .endLeavesOtherSessions, .endOfAllLeavesOtherUsers, .endReturnsUser, .oneEndSucceeds,
      .selectedSessionsEnd, .selectionIsOfOneUser, .sessionIDStaysWithNewest, .eachEndIsReturnedOnce,
      .sessionExpires, .liveSessionEnds, .idleSessionIsOver, .expiredSessionIsDeleted, .distantTimesAreKept,
      .newSessionTakesTheOnlyPlace, .oldestSessionGivesWay, .useMakesNoSessionNewer, .deadSessionsGiveWayFirst,
      .newSessionDeletesDeadOnes, .lowerLimitEndsMany, .limitIsPerUser, .simultaneousLoginsKeepToLimit,
      .newSessionEndsReplaced, .replacedSessionMakesRoom, .sessionWithoutUserReplacesNone,
      .openingSettlesAttempt, .delayOpensNothing, .changedPasswordCountsNothing, .noSessionOpensAfterDelayBegins,
      .liveSessionsAreListed, .listIsInOrderOfOpening, .clientComesBack,
      .newClientQueuesNotice, .clientIsForgotten, .refusedLoginRemembersNothing, .newClientIsToldOnce,
      .sessionsOutliveReopening, .endsOutliveReopening, .clientsOutliveReopening,
    ]
  }
}
