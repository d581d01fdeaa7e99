extension StoreContract {
  /// The clauses of `ThrottleStore`.
  public static let throttleClauses: [Clause] = [
    .countersComeInOrder, .attemptCountsItsOwnKeys, .kindsSeparateCounters, .keysAreComparedByteForByte,
    .countersOutliveReopening, .distantCounterTimesAreKept,
    .successDeletesCounter, .delayRefuses, .noAttemptIsLost, .oneAttemptBeginsDelay, .noHalfAttemptIsSeen,
  ]
}
