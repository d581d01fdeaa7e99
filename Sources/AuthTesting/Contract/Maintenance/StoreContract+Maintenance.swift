extension StoreContract {
  /// The clauses of `MaintenanceStore`.
  public static let maintenanceClauses: [Clause] = [
    .purgeDeletesWhatHasEnded, .purgeKeepsToLimit, .purgeCountsAllRows, .purgeKeepsUsersAndMessages, .purgeKnowsDistantTimes,
    .simultaneousPurgesShareRows,
    .deadSessionIsPurged, .voidTokenIsPurged, .purgeClearsSessionID,
  ]
}
