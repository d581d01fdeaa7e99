import AuthCore
import AuthTesting
import Synchronization

extension Fault {
  /// The faults of `ThrottleStore`.
  static let throttle: [Fault] = [
    .sortsKeys, .countsAllKeys, .countsFirstKeyOnly, .mergesKinds, .foldsKeys, .endsKeyAtNUL, .keeps32BitCounterTimes,
    .keepsCounterOfEmail, .keepsRowOfZero, .clearsNetwork, .forgetsKnownNetworks,
    .countsEmailDuringDelay, .countsNothingDuringDelay, .allowsSuccessDuringDelay,
    .looksThenCounts, .findsCountersOneByOne,
    .forgetsCounters,
    .warnsNoOne, .warnsAtEachFailure, .warnsOfLock, .warnsStrangers, .looksThenWarns,
  ]

  static let warnsNoOne = Self("warnsNoOne", noticedBy: .failuresQueueWarning, .lockQueuesNotice)
  static let warnsAtEachFailure = Self("warnsAtEachFailure", noticedBy: .failuresQueueWarning)
  static let warnsOfLock = Self("warnsOfLock", noticedBy: .lockQueuesNotice)
  static let warnsStrangers = Self("warnsStrangers", noticedBy: .warningNeedsUser)
  static let looksThenWarns = Self("looksThenWarns", noticedBy: .simultaneousFailuresWarnOnce)

  static let sortsKeys = Self("sortsKeys", noticedBy: .countersComeInOrder)
  static let countsAllKeys = Self("countsAllKeys", noticedBy: .attemptCountsItsOwnKeys)
  static let countsFirstKeyOnly = Self("countsFirstKeyOnly", noticedBy: .attemptCountsItsOwnKeys)
  static let mergesKinds = Self("mergesKinds", noticedBy: .kindsSeparateCounters)
  static let foldsKeys = Self("foldsKeys", noticedBy: .keysAreComparedByteForByte)
  static let endsKeyAtNUL = Self("endsKeyAtNUL", noticedBy: .keysAreComparedByteForByte)
  static let keeps32BitCounterTimes = Self("keeps32BitCounterTimes", noticedBy: .distantCounterTimesAreKept)

  static let keepsCounterOfEmail = Self("keepsCounterOfEmail", noticedBy: .successDeletesCounter)
  static let keepsRowOfZero = Self("keepsRowOfZero", noticedBy: .successDeletesCounter)
  static let clearsNetwork = Self("clearsNetwork", noticedBy: .successDeletesCounter)

  static let forgetsKnownNetworks = Self("forgetsKnownNetworks", noticedBy: .knownNetworkIsRemembered)

  static let countsEmailDuringDelay = Self("countsEmailDuringDelay", noticedBy: .delayRefuses)
  static let countsNothingDuringDelay = Self("countsNothingDuringDelay", noticedBy: .delayRefuses)
  static let allowsSuccessDuringDelay = Self("allowsSuccessDuringDelay", noticedBy: .delayRefuses)

  static let looksThenCounts = Self("looksThenCounts", noticedBy: .noAttemptIsLost, .oneAttemptBeginsDelay)
  static let findsCountersOneByOne = Self("findsCountersOneByOne", noticedBy: .noHalfAttemptIsSeen)

  static let forgetsCounters = Self("forgetsCounters", noticedBy: .countersOutliveReopening) { store in
    for key in store.memory.withLock({ $0.keys }) { try await store.clear(key) }
  }
}
