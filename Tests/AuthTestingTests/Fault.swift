import AuthTesting

/// A mistake that stores are known to make. At least one clause must notice each.
enum Fault: String, CaseIterable, Sendable {
  // MARK: Accounts
  case losesHash, countsDown, lowercasesEmail, registersTwice, overwritesRefusedUser, neverFreesEmail
  case looksThenRegisters, countsThenRegisters
  case loginFindsExactCaseOnly, loginFindsFirstUserForNil, loginFindsCountersOfUsersOnly, loginSortsKeys
  case findsExactCaseOnly, ignoresSessionFilter, usesFirstFilterOnly, matchesNothingWithNil, findsLastUser, findsWithWrongError
  case ignoresRevocation, endsSessionsWithHash, makesFirstChangeOnly, makesChangesOneByOne, refusesOwnEmail, ignoresUnknownUser
  case replacesAnyHash, looksThenReplaces
  case keepsOthersAtChange, endsOthersAtChange, changesAnyPassword, revokesTokenAtRefusal
  case endsAllAtChange, losesClientAtChange, renewsEnded, endsThenChanges, looksThenChanges
  case losesNotice, queuesNoticeAtRefusal, deletesMessagesOfUser
  case deletesForAnyHash, deletesNothing, opensForDeleted, keepsSessionsOfDeleted, deletesSessionsOfAll, reusesIDs,
    looksThenDeletes
  case dropsQuotes, mergesWildcards, findsByPattern, foldsAllLetters, normalizesEmail, trimsEmail, dropsInvisible, truncatesEmail
  case trimsHash, comparesHashesAsCharacters
  case forgetsUsers, revivesDeleted, forgetsUsedIDs

  // MARK: Sessions
  case losesLastUse, losesAuthentication, keepsFirstMethodOnly, losesAuthenticationAtChange, forgetsAuthentication
  case keepsSessionIDOfEnded, opensForAnyHash, clearsSessionsForWrongHash, opensWithoutUser, movesUseBack
  case revivesTouched, refusesToTouchUnknown, takesTokenForSession, keeps32BitTimes
  case keepsFirstEmail, changesEmailOfOneSession, foldsEmailOfProfile, changesEmailOfAll
  case profilesFirstUser, profilesEnded, losesUseOfProfile
  case endsForever, endsAllOfUser, endsSessionsOfAll, returnsFirstUser, looksThenEnds
  case endsSelectedOfAll, endsMoreThanSelected, endsAllOfEveryUser, clearsSessionID, looksThenEndsAll
  case sessionLastsLonger, idleSessionLastsLonger, endsLateWithSuccess, keepsSessionEndedLate
  case keepsEveryLogin, endsNewest, endsLowestID, endsHighestID, endsLeastUsed, countsDeadSessions, keepsDeadSessions
  case endsOneAtMost, countsSessionsOfAll, countsThenOpens, checksThenOpens
  case countsReplaced, replacesWithoutUser, replacesWhenRefused, keepsReplaced
  case ignoresAttempt, opensDuringDelay, replacesDuringDelay, returnsWholeDelay, countsForChangedPassword, settlesThenOpens
  case listsOldestFirst, listsDeadSessions, forgetsClients, listsByUse, listsUnused
  case endsUserAgentAtNUL, takesEmptyUserAgentForNone
  case forgetsSessions, bringsBackSessions, forgetsStoredClients

  // MARK: Reset tokens
  case returnsFormerUser, keepsOlderTokens, issuesToFirstUser, hidesRevokedToken, takesSessionForToken, takesEmptyForNone
  case usesTokenForNothing, usesTokenTwice, alwaysEndsSessions, neverEndsSessions, usesUpTokensOfAll, looksThenUsesToken
  case keepsClearedCounter, clearsCounterOfEachKind, clearsCounterAtRefusal
  case tokenLastsLonger, tokenUsableLonger, discardsTokenUsedLate
  case forgetsTokens

  // MARK: Outbox
  case losesPayload, losesUserOfMessage, leavesClaimedDue, claimsNewest, neverPostpones, keepsRemoved
  case keepsOneMessagePerEmail, keepsMessagesToUsersOnly, restartsTries, takesOneMessageForAll, refusesUnknownMessage
  case keeps32BitDueTimes, comparesMessageIDsAsCharacters, dropsQuotesOfMessage
  case ignoresMessageLimit, keepsRefused, limitsAllKinds, countsThenQueues, claimsTwice, looksThenClaims
  case forgetsMessages, forgetsClaims

  // MARK: Throttling
  case sortsKeys, countsAllKeys, countsFirstKeyOnly, mergesKinds, foldsKeys, endsKeyAtNUL, keeps32BitCounterTimes
  case keepsCounterOfEmail, keepsRowOfZero, clearsNetwork
  case countsEmailDuringDelay, countsNothingDuringDelay, allowsSuccessDuringDelay
  case looksThenCounts, findsCountersOneByOne
  case forgetsCounters

  // MARK: Maintenance
  case purgesLate, purgesEarly, ignoresPurgeLimit, returnsNoPurged, limitsEachKind, purgesOnce, purgesMessages
  case purgesWithin32Bits, looksThenPurges
  case purgesIdleLate, purgesIdleEarly, keepsVoidTokens, purgesLiveTokens, keepsSessionIDOfPurged
}

extension Fault {
  /// The clauses that must notice it. Others may, too.
  var clauses: [StoreContract.Clause] {
    switch self {
    case .losesHash: [.newUserIsAsGiven]
    case .countsDown: [.idsCountUpwards]
    case .lowercasesEmail: [.emailKeepsItsCase]
    case .registersTwice, .overwritesRefusedUser: [.emailIsRegisteredOnce]
    case .neverFreesEmail: [.formerEmailIsFree]
    case .looksThenRegisters: [.oneRegistrationSucceeds]
    case .countsThenRegisters: [.simultaneousIDsDiffer]
    case .loginFindsExactCaseOnly, .loginFindsFirstUserForNil: [.loginFindsUser]
    case .loginFindsCountersOfUsersOnly, .loginSortsKeys: [.loginFindsCounters]
    case .findsExactCaseOnly, .ignoresSessionFilter: [.eachAttributeFindsUser]
    case .usesFirstFilterOnly: [.allFiltersMustMatch]
    case .matchesNothingWithNil: [.nilFindsUsersWithout]
    case .findsLastUser: [.lowestIDIsFound]
    case .findsWithWrongError: [.noMatchIsNoResult]
    case .ignoresRevocation, .endsSessionsWithHash: [.eachChangeIsMade]
    case .makesFirstChangeOnly: [.changesAreMadeTogether]
    case .makesChangesOneByOne: [.takenEmailRefusesAllChanges]
    case .refusesOwnEmail: [.ownEmailMayChangeCase]
    case .ignoresUnknownUser: [.unknownUserIsNotChanged]
    case .replacesAnyHash: [.hashIsReplacedIfExpected]
    case .looksThenReplaces: [.oneReplacementSucceeds]
    case .keepsOthersAtChange, .endsOthersAtChange: [.passwordChangeRenewsSession]
    case .changesAnyPassword, .revokesTokenAtRefusal: [.passwordChangeNeedsSession]
    case .endsAllAtChange: [.passwordChangeSparesOthers]
    case .losesClientAtChange: [.renewedSessionIsNewest]
    case .renewsEnded: [.endedSessionIsNotRenewed]
    case .endsThenChanges: [.noLoginSurvivesPasswordChange]
    case .looksThenChanges: [.onePasswordChangeSucceeds]
    case .losesNotice, .queuesNoticeAtRefusal: [.passwordChangeQueuesNotice, .useQueuesNotice]
    case .deletesMessagesOfUser: [.deletionKeepsMessages]
    case .deletesForAnyHash, .deletesNothing, .keepsSessionsOfDeleted, .deletesSessionsOfAll: [.deletedUserIsGone]
    case .opensForDeleted: [.deletedUserStaysUnchanged]
    case .reusesIDs: [.deletedIDIsNotReused]
    case .looksThenDeletes: [.oneDeletionSucceeds]
    case .dropsQuotes: [.sqlIsText]
    case .mergesWildcards: [.wildcardsAreText]
    case .findsByPattern: [.emailIsNoPattern]
    case .foldsAllLetters: [.onlyASCIICaseIsIgnored]
    case .normalizesEmail: [.emailsAreNotNormalized]
    case .trimsEmail: [.blanksCount]
    case .dropsInvisible: [.invisibleCharactersCount]
    case .truncatesEmail: [.everyByteOfEmailCounts]
    case .trimsHash: [.hashComesBack]
    case .comparesHashesAsCharacters: [.hashesAreComparedByteForByte, .lookalikeHashHasNoEffect]
    case .forgetsUsers: [.usersOutliveReopening]
    case .revivesDeleted, .forgetsUsedIDs: [.deletionsOutliveReopening]
    default: clausesOfSessions ?? clausesOfOthers
    }
  }

  private var clausesOfSessions: [StoreContract.Clause]? {
    switch self {
    case .losesLastUse: [.sessionIsFoundAsSaved]
    case .losesAuthentication, .keepsFirstMethodOnly, .losesAuthenticationAtChange, .forgetsAuthentication:
      [.authenticationComesBack]
    case .keepsSessionIDOfEnded: [.sessionIDIsOfNewest, .sessionEndsOnce]
    case .opensForAnyHash, .clearsSessionsForWrongHash: [.formerPasswordOpensNothing]
    case .opensWithoutUser: [.sessionNeedsUser]
    case .movesUseBack: [.useIsRecorded]
    case .revivesTouched, .refusesToTouchUnknown: [.unknownSessionIsNotUsed]
    case .takesTokenForSession: [.tokenIsNoSession]
    case .keeps32BitTimes: [.distantTimesAreKept]
    case .keepsFirstEmail, .changesEmailOfOneSession, .foldsEmailOfProfile, .changesEmailOfAll, .profilesFirstUser:
      [.profileHasCurrentEmail]
    case .profilesEnded: [.sessionEndsOnce, .sessionExpires, .idleSessionIsOver]
    case .losesUseOfProfile: [.useIsRecorded, .sessionsOutliveReopening]
    case .endsForever: [.sessionEndsOnce, .tokenIsNoSession]
    case .endsAllOfUser: [.endLeavesOtherSessions]
    case .endsSessionsOfAll: [.endOfAllLeavesOtherUsers]
    case .returnsFirstUser: [.endReturnsUser]
    case .looksThenEnds: [.oneEndSucceeds]
    case .endsSelectedOfAll, .endsMoreThanSelected: [.selectedSessionsEnd]
    case .endsAllOfEveryUser: [.selectionIsOfOneUser]
    case .clearsSessionID: [.sessionIDStaysWithNewest]
    case .looksThenEndsAll: [.eachEndIsReturnedOnce]
    case .sessionLastsLonger: [.sessionExpires]
    case .idleSessionLastsLonger: [.idleSessionIsOver]
    case .endsLateWithSuccess: [.liveSessionEnds]
    case .keepsSessionEndedLate: [.expiredSessionIsDeleted]
    case .keepsEveryLogin: [.newSessionTakesTheOnlyPlace]
    case .endsNewest, .endsLowestID, .endsHighestID: [.oldestSessionGivesWay]
    case .endsLeastUsed: [.useMakesNoSessionNewer]
    case .countsDeadSessions: [.deadSessionsGiveWayFirst]
    case .keepsDeadSessions: [.newSessionDeletesDeadOnes]
    case .endsOneAtMost: [.lowerLimitEndsMany]
    case .countsSessionsOfAll: [.limitIsPerUser]
    case .countsThenOpens: [.simultaneousLoginsKeepToLimit]
    case .checksThenOpens: [.noLoginSurvivesReset]
    case .countsReplaced: [.replacedSessionMakesRoom]
    case .replacesWithoutUser: [.sessionWithoutUserReplacesNone]
    case .keepsReplaced, .replacesWhenRefused: [.newSessionEndsReplaced]
    case .ignoresAttempt: [.openingSettlesAttempt, .delayOpensNothing]
    case .opensDuringDelay, .replacesDuringDelay, .returnsWholeDelay: [.delayOpensNothing]
    case .countsForChangedPassword: [.changedPasswordCountsNothing]
    case .settlesThenOpens: [.noSessionOpensAfterDelayBegins]
    case .listsOldestFirst, .listsDeadSessions, .forgetsClients: [.liveSessionsAreListed]
    case .listsByUse, .listsUnused: [.listIsInOrderOfOpening]
    case .endsUserAgentAtNUL, .takesEmptyUserAgentForNone: [.clientComesBack]
    case .forgetsSessions: [.sessionsOutliveReopening]
    case .bringsBackSessions: [.endsOutliveReopening]
    case .forgetsStoredClients: [.clientsOutliveReopening]
    default: nil
    }
  }

  private var clausesOfOthers: [StoreContract.Clause] {
    switch self {
    case .returnsFormerUser: [.tokenLeadsToUser]
    case .keepsOlderTokens: [.newerTokenReplacesOlder]
    case .issuesToFirstUser: [.tokenNeedsUser]
    case .hidesRevokedToken: [.revokedTokenIsVoid]
    case .takesSessionForToken: [.sessionIsNoToken]
    case .takesEmptyForNone: [.madeUpDigestMatchesNothing]
    case .usesTokenForNothing: [.useSetsHash]
    case .usesTokenTwice: [.tokenWorksOnce]
    case .alwaysEndsSessions: [.useLeavesSessions]
    case .neverEndsSessions: [.useEndsSessions]
    case .usesUpTokensOfAll: [.useSparesOthers]
    case .looksThenUsesToken: [.oneUseSucceeds]
    case .keepsClearedCounter, .clearsCounterOfEachKind, .clearsCounterAtRefusal: [.useClearsCounter]
    case .tokenLastsLonger: [.tokenExpires]
    case .tokenUsableLonger: [.unexpiredTokenWorks]
    case .discardsTokenUsedLate: [.expiredTokenChangesNothing]
    case .forgetsTokens: [.tokensOutliveReopening]

    case .losesPayload, .losesUserOfMessage: [.messageComesBack]
    case .leavesClaimedDue, .claimsNewest: [.longestDueIsClaimed]
    case .neverPostpones, .keepsRemoved: [.postponedMessageIsDueLater]
    case .keepsOneMessagePerEmail, .keepsMessagesToUsersOnly, .restartsTries: [.eachMessageCounts]
    case .takesOneMessageForAll, .refusesUnknownMessage: [.messagesAreSeparate]
    case .keeps32BitDueTimes: [.distantDueTimesAreKept]
    case .comparesMessageIDsAsCharacters, .dropsQuotesOfMessage: [.messageIDsAreComparedByteForByte]
    case .ignoresMessageLimit: [.waitingMessagesAreLimited]
    case .keepsRefused: [.refusedMessageIsNotKept]
    case .limitsAllKinds: [.limitIsPerKind]
    case .countsThenQueues: [.simultaneousMessagesKeepToLimit]
    case .claimsTwice: [.oneClaimSucceeds]
    case .looksThenClaims: [.simultaneousClaimsDiffer]
    case .forgetsMessages, .forgetsClaims: [.messagesOutliveReopening]

    case .sortsKeys: [.countersComeInOrder]
    case .countsAllKeys, .countsFirstKeyOnly: [.attemptCountsItsOwnKeys]
    case .mergesKinds: [.kindsSeparateCounters]
    case .foldsKeys, .endsKeyAtNUL: [.keysAreComparedByteForByte]
    case .keeps32BitCounterTimes: [.distantCounterTimesAreKept]
    case .keepsCounterOfEmail, .keepsRowOfZero, .clearsNetwork: [.successDeletesCounter]
    case .countsEmailDuringDelay, .countsNothingDuringDelay, .allowsSuccessDuringDelay: [.delayRefuses]
    case .looksThenCounts: [.noAttemptIsLost, .oneAttemptBeginsDelay]
    case .findsCountersOneByOne: [.noHalfAttemptIsSeen]
    case .forgetsCounters: [.countersOutliveReopening]

    case .purgesLate, .purgesEarly: [.purgeDeletesWhatHasEnded]
    case .ignoresPurgeLimit: [.purgeKeepsToLimit]
    case .returnsNoPurged, .limitsEachKind, .purgesOnce: [.purgeCountsAllRows]
    case .purgesMessages: [.purgeKeepsUsersAndMessages]
    case .purgesWithin32Bits: [.purgeKnowsDistantTimes]
    case .looksThenPurges: [.simultaneousPurgesShareRows]
    case .purgesIdleLate, .purgesIdleEarly: [.deadSessionIsPurged]
    case .keepsVoidTokens, .purgesLiveTokens: [.voidTokenIsPurged]
    case .keepsSessionIDOfPurged: [.purgeClearsSessionID]
    default: []
    }
  }
}
