extension StoreContract.Port {
  /// `MaintenanceStore`
  public static let maintenance: Self = .init("maintenance") {
    [
      .purgeDeletesWhatHasEnded, .purgeKeepsToLimit, .purgeCountsAllRows, .purgeKeepsUsersAndMessages, .purgeKnowsDistantTimes,
      .simultaneousPurgesShareRows,
      .deadSessionIsPurged, .voidTokenIsPurged, .purgeClearsSessionID,
      .gaugesCountWhatIsOpenAndWaits,
    ]
  }
}
