import AuthCore
import AuthTesting
import Synchronization

extension Fault {
  /// The faults of `SessionStore`.
  static let sessions: [Fault] = [
    .losesLastUse, .losesAuthentication, .keepsFirstMethodOnly, .losesAuthenticationAtChange, .forgetsAuthentication,
    .keepsSessionIDOfEnded, .opensForAnyHash, .clearsSessionsForWrongHash, .opensWithoutUser, .movesUseBack,
    .revivesTouched, .refusesToTouchUnknown, .takesTokenForSession, .keeps32BitTimes,
    .keepsFirstEmail, .changesEmailOfOneSession, .foldsEmailOfProfile, .changesEmailOfAll,
    .profilesFirstUser, .profilesEnded, .losesUseOfProfile, .findsFirstUser, .findsUserOfEnded, .losesUseWithUser,
    .endsForever, .endsAllOfUser, .endsSessionsOfAll, .returnsFirstUser, .looksThenEnds,
    .endsSelectedOfAll, .endsMoreThanSelected, .endsAllOfEveryUser, .clearsSessionID, .looksThenEndsAll,
    .sessionLastsLonger, .idleSessionLastsLonger, .endsLateWithSuccess, .keepsSessionEndedLate,
    .keepsEveryLogin, .endsNewest, .endsLowestID, .endsHighestID, .endsLeastUsed, .countsDeadSessions, .keepsDeadSessions,
    .endsOneAtMost, .countsSessionsOfAll, .countsThenOpens, .checksThenOpens,
    .countsReplaced, .replacesWithoutUser, .replacesWhenRefused, .keepsReplaced,
    .ignoresAttempt, .opensDuringDelay, .replacesDuringDelay, .returnsWholeDelay, .countsForChangedPassword,
    .settlesThenOpens,
    .listsOldestFirst, .listsDeadSessions, .forgetsClients, .listsByUse, .listsUnused,
    .endsUserAgentAtNUL, .takesEmptyUserAgentForNone,
    .forgetsClientsOfLogins, .knowsEveryClient, .remembersClientsForEver, .remembersFirstLoginOnly, .remembersRefusedClients,
    .looksThenTells,
    .forgetsSessions, .bringsBackSessions, .forgetsStoredClients,
  ]

  static let forgetsClientsOfLogins = Self("forgetsClientsOfLogins", noticedBy: .newClientQueuesNotice)
  static let knowsEveryClient = Self("knowsEveryClient", noticedBy: .newClientQueuesNotice)
  static let remembersClientsForEver = Self("remembersClientsForEver", noticedBy: .clientIsForgotten)
  static let remembersFirstLoginOnly = Self("remembersFirstLoginOnly", noticedBy: .clientIsForgotten)
  static let remembersRefusedClients = Self("remembersRefusedClients", noticedBy: .refusedLoginRemembersNothing)
  static let looksThenTells = Self("looksThenTells", noticedBy: .newClientIsToldOnce)

  static let losesLastUse = Self("losesLastUse", noticedBy: .sessionIsFoundAsSaved)
  static let losesAuthentication = Self("losesAuthentication", noticedBy: .authenticationComesBack)
  static let keepsFirstMethodOnly = Self("keepsFirstMethodOnly", noticedBy: .authenticationComesBack)
  static let losesAuthenticationAtChange = Self("losesAuthenticationAtChange", noticedBy: .authenticationComesBack)
  static let forgetsAuthentication = Self("forgetsAuthentication", noticedBy: .authenticationComesBack) { store in
    for session in await store.sessions() { try await store.put(session.with(authenticatedAt: nil, methods: [])) }
  }

  static let keepsSessionIDOfEnded = Self("keepsSessionIDOfEnded", noticedBy: .sessionIDIsOfNewest, .sessionEndsOnce)
  static let opensForAnyHash = Self("opensForAnyHash", noticedBy: .formerPasswordOpensNothing)
  static let clearsSessionsForWrongHash = Self("clearsSessionsForWrongHash", noticedBy: .formerPasswordOpensNothing)
  static let opensWithoutUser = Self("opensWithoutUser", noticedBy: .sessionNeedsUser)
  static let movesUseBack = Self("movesUseBack", noticedBy: .useIsRecorded)

  static let revivesTouched = Self("revivesTouched", noticedBy: .unknownSessionIsNotUsed)
  static let refusesToTouchUnknown = Self("refusesToTouchUnknown", noticedBy: .unknownSessionIsNotUsed)
  static let takesTokenForSession = Self("takesTokenForSession", noticedBy: .tokenIsNoSession)
  static let keeps32BitTimes = Self("keeps32BitTimes", noticedBy: .distantTimesAreKept)

  static let keepsFirstEmail = Self("keepsFirstEmail", noticedBy: .profileHasCurrentEmail)
  static let changesEmailOfOneSession = Self("changesEmailOfOneSession", noticedBy: .profileHasCurrentEmail)
  static let foldsEmailOfProfile = Self("foldsEmailOfProfile", noticedBy: .profileHasCurrentEmail)
  static let changesEmailOfAll = Self("changesEmailOfAll", noticedBy: .profileHasCurrentEmail)

  static let profilesFirstUser = Self("profilesFirstUser", noticedBy: .profileHasCurrentEmail)
  static let profilesEnded = Self("profilesEnded", noticedBy: .sessionEndsOnce, .sessionExpires, .idleSessionIsOver)
  static let losesUseOfProfile = Self("losesUseOfProfile", noticedBy: .useIsRecorded, .sessionsOutliveReopening)

  static let findsFirstUser = Self("findsFirstUser", noticedBy: .sessionIsFoundAsSaved)
  static let findsUserOfEnded = Self("findsUserOfEnded", noticedBy: .sessionEndsOnce, .sessionExpires, .idleSessionIsOver)
  static let losesUseWithUser = Self("losesUseWithUser", noticedBy: .useIsRecorded, .sessionsOutliveReopening)

  static let endsForever = Self("endsForever", noticedBy: .sessionEndsOnce, .tokenIsNoSession)
  static let endsAllOfUser = Self("endsAllOfUser", noticedBy: .endLeavesOtherSessions)
  static let endsSessionsOfAll = Self("endsSessionsOfAll", noticedBy: .endOfAllLeavesOtherUsers)
  static let returnsFirstUser = Self("returnsFirstUser", noticedBy: .endReturnsUser)
  static let looksThenEnds = Self("looksThenEnds", noticedBy: .oneEndSucceeds)

  static let endsSelectedOfAll = Self("endsSelectedOfAll", noticedBy: .selectedSessionsEnd)
  static let endsMoreThanSelected = Self("endsMoreThanSelected", noticedBy: .selectedSessionsEnd)
  static let endsAllOfEveryUser = Self("endsAllOfEveryUser", noticedBy: .selectionIsOfOneUser)
  static let clearsSessionID = Self("clearsSessionID", noticedBy: .sessionIDStaysWithNewest)
  static let looksThenEndsAll = Self("looksThenEndsAll", noticedBy: .eachEndIsReturnedOnce)

  static let sessionLastsLonger = Self("sessionLastsLonger", noticedBy: .sessionExpires)
  static let idleSessionLastsLonger = Self("idleSessionLastsLonger", noticedBy: .idleSessionIsOver)
  static let endsLateWithSuccess = Self("endsLateWithSuccess", noticedBy: .liveSessionEnds)
  static let keepsSessionEndedLate = Self("keepsSessionEndedLate", noticedBy: .expiredSessionIsDeleted)

  static let keepsEveryLogin = Self("keepsEveryLogin", noticedBy: .newSessionTakesTheOnlyPlace)
  static let endsNewest = Self("endsNewest", noticedBy: .oldestSessionGivesWay)
  static let endsLowestID = Self("endsLowestID", noticedBy: .oldestSessionGivesWay)
  static let endsHighestID = Self("endsHighestID", noticedBy: .oldestSessionGivesWay)
  static let endsLeastUsed = Self("endsLeastUsed", noticedBy: .useMakesNoSessionNewer)
  static let countsDeadSessions = Self("countsDeadSessions", noticedBy: .deadSessionsGiveWayFirst)
  static let keepsDeadSessions = Self("keepsDeadSessions", noticedBy: .newSessionDeletesDeadOnes)

  static let endsOneAtMost = Self("endsOneAtMost", noticedBy: .lowerLimitEndsMany)
  static let countsSessionsOfAll = Self("countsSessionsOfAll", noticedBy: .limitIsPerUser)
  static let countsThenOpens = Self("countsThenOpens", noticedBy: .simultaneousLoginsKeepToLimit)
  static let checksThenOpens = Self("checksThenOpens", noticedBy: .noLoginSurvivesReset)

  static let countsReplaced = Self("countsReplaced", noticedBy: .replacedSessionMakesRoom)
  static let replacesWithoutUser = Self("replacesWithoutUser", noticedBy: .sessionWithoutUserReplacesNone)
  static let replacesWhenRefused = Self("replacesWhenRefused", noticedBy: .newSessionEndsReplaced)
  static let keepsReplaced = Self("keepsReplaced", noticedBy: .newSessionEndsReplaced)

  static let ignoresAttempt = Self("ignoresAttempt", noticedBy: .openingSettlesAttempt, .delayOpensNothing)
  static let opensDuringDelay = Self("opensDuringDelay", noticedBy: .delayOpensNothing)
  static let replacesDuringDelay = Self("replacesDuringDelay", noticedBy: .delayOpensNothing)
  static let returnsWholeDelay = Self("returnsWholeDelay", noticedBy: .delayOpensNothing)
  static let countsForChangedPassword = Self("countsForChangedPassword", noticedBy: .changedPasswordCountsNothing)
  static let settlesThenOpens = Self("settlesThenOpens", noticedBy: .noSessionOpensAfterDelayBegins)

  static let listsOldestFirst = Self("listsOldestFirst", noticedBy: .liveSessionsAreListed)
  static let listsDeadSessions = Self("listsDeadSessions", noticedBy: .liveSessionsAreListed)
  static let forgetsClients = Self("forgetsClients", noticedBy: .liveSessionsAreListed)
  static let listsByUse = Self("listsByUse", noticedBy: .listIsInOrderOfOpening)
  static let listsUnused = Self("listsUnused", noticedBy: .listIsInOrderOfOpening)

  static let endsUserAgentAtNUL = Self("endsUserAgentAtNUL", noticedBy: .clientComesBack)
  static let takesEmptyUserAgentForNone = Self("takesEmptyUserAgentForNone", noticedBy: .clientComesBack)

  static let forgetsSessions = Self("forgetsSessions", noticedBy: .sessionsOutliveReopening) { store in
    await store.endSessions { _ in true }
  }
  static let bringsBackSessions = Self("bringsBackSessions", noticedBy: .endsOutliveReopening) { store in
    for session in store.memory.withLock({ $0.sessions }) { try await store.put(session) }
  }
  static let forgetsStoredClients = Self("forgetsStoredClients", noticedBy: .clientsOutliveReopening) { store in
    for session in await store.sessions() { try await store.put(session.withoutClient) }
  }
}
