import AuthTesting

extension Fault {
  /// The faults of `MaintenanceStore`.
  static let maintenance: [Fault] = [
    .purgesLate, .purgesEarly, .ignoresPurgeLimit, .returnsNoPurged, .limitsEachKind, .purgesOnce, .purgesMessages,
    .purgesWithin32Bits, .looksThenPurges,
    .purgesIdleLate, .purgesIdleEarly, .keepsVoidTokens, .purgesLiveTokens, .keepsSessionIDOfPurged,
    .countsExpiredSessions, .countsIdleSessions, .leavesOutOneMessage, .takesNewestMessageForOldest,
  ]

  static let purgesLate = Self("purgesLate", noticedBy: .purgeDeletesWhatHasEnded)
  static let purgesEarly = Self("purgesEarly", noticedBy: .purgeDeletesWhatHasEnded)
  static let ignoresPurgeLimit = Self("ignoresPurgeLimit", noticedBy: .purgeKeepsToLimit)
  static let returnsNoPurged = Self("returnsNoPurged", noticedBy: .purgeCountsAllRows)
  static let limitsEachKind = Self("limitsEachKind", noticedBy: .purgeCountsAllRows)
  static let purgesOnce = Self("purgesOnce", noticedBy: .purgeCountsAllRows)
  static let purgesMessages = Self("purgesMessages", noticedBy: .purgeKeepsUsersAndMessages)

  static let purgesWithin32Bits = Self("purgesWithin32Bits", noticedBy: .purgeKnowsDistantTimes)
  static let looksThenPurges = Self("looksThenPurges", noticedBy: .simultaneousPurgesShareRows)

  static let purgesIdleLate = Self("purgesIdleLate", noticedBy: .deadSessionIsPurged)
  static let purgesIdleEarly = Self("purgesIdleEarly", noticedBy: .deadSessionIsPurged)
  static let keepsVoidTokens = Self("keepsVoidTokens", noticedBy: .voidTokenIsPurged)
  static let purgesLiveTokens = Self("purgesLiveTokens", noticedBy: .voidTokenIsPurged)
  static let keepsSessionIDOfPurged = Self("keepsSessionIDOfPurged", noticedBy: .purgeClearsSessionID)

  static let countsExpiredSessions = Self("countsExpiredSessions", noticedBy: .gaugesCountWhatIsOpenAndWaits)
  static let countsIdleSessions = Self("countsIdleSessions", noticedBy: .gaugesCountWhatIsOpenAndWaits)
  static let leavesOutOneMessage = Self("leavesOutOneMessage", noticedBy: .gaugesCountWhatIsOpenAndWaits)
  static let takesNewestMessageForOldest = Self("takesNewestMessageForOldest", noticedBy: .gaugesCountWhatIsOpenAndWaits)
}
