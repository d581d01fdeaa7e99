extension StoreContract.Port {
  /// `RecoveryEmailStore`
  public static let recoveryEmail: Self = .init("recovery email") {
    [
      .recoveryRequestWaits, .recoveryRequestNeedsSession, .refusedRecoveryRequestIsNotKept, .newerRecoveryRequestReplacesOlder,
      .newestRecoveryChallengeWorks, .recoveryRequestExpires, .recoveryTriesAreLimited, .simultaneousRecoveryTriesAreLimited,
      .confirmationSetsRecoveryEmail, .recoveryConfirmationNeedsSameUser, .oneRecoveryConfirmationSucceeds,
      .removalDeletesRecoveryEmail, .removalNeedsSession,
      .recoveryNoticesReachBoth, .noticesAreCopied, .noticesOfDeletionAreCopied, .onlyNoticesAreCopied,
      .newPasswordVoidsRecoveryRequest, .takeBackDeletesYoungRecoveryEmail, .recoveryEmailEndsWithUser,
      .endedRecoveryRequestsArePurged, .recoveryEmailsOutliveReopening,
    ]
  }
}
