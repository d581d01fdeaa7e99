extension StoreContract.Port {
  /// `ThrottleStore`
  public static let throttle: Self = .init("throttle") {
    [
      .countersComeInOrder, .attemptCountsItsOwnKeys, .kindsSeparateCounters, .keysAreComparedByteForByte,
      .countersOutliveReopening, .distantCounterTimesAreKept,
      .successDeletesCounter, .delayRefuses, .noAttemptIsLost, .oneAttemptBeginsDelay, .noHalfAttemptIsSeen,
    ]
  }
}
