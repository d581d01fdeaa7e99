extension StoreContract.Port {
  /// `ThrottleStore`
  public static let throttle: Self = .init("throttle") {
    [
      .countersComeInOrder, .attemptCountsItsOwnKeys, .kindsSeparateCounters, .keysAreComparedByteForByte,
      .countersOutliveReopening, .distantCounterTimesAreKept,
      .successDeletesCounter, .knownNetworkIsRemembered,
      .delayRefuses, .noAttemptIsLost, .oneAttemptBeginsDelay, .noHalfAttemptIsSeen,
      .failuresQueueWarning, .lockQueuesNotice, .warningNeedsUser, .simultaneousFailuresWarnOnce,
    ]
  }
}
