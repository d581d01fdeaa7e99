extension StoreContract.Port {
  /// `EmailChangeStore`
  public static let emailChange: Self = .init("email change") {
    [
      .changeWaitsWithMessages, .changeNeedsSession, .refusedChangeIsNotKept, .newerChangeReplacesOlder,
      .newestChangeChallengeWorks, .changeExpires, .changeTriesAreLimited, .simultaneousChangeTriesAreLimited,
      .confirmationChangesEmail, .confirmationVoidsRegistrations, .confirmationQueuesNotice, .confirmationMovesCounters,
      .confirmationNeedsFreeEmail, .confirmationNeedsSameUser, .oneConfirmationSucceeds,
      .confirmationRacesOthers,
      .formerEmailIsReserved, .reservationEndsWithRight, .ownerMayReturn,
      .everyTakeBackMessageHasToken, .takeBackExpires, .takeBackStopsChange, .takeBackRestoresEmail, .takeBackQueuesNotices,
      .takeBackWorksOnce, .oneTakeBackSucceeds, .takeBackVoidsLaterChanges, .takeBackNeedsPresentEmail, .takeBackEnablesNoOne,
      .newPasswordVoidsChange, .newEmailVoidsRights, .changesEndWithUser, .endedChangesArePurged, .changesOutliveReopening,
    ]
  }
}
