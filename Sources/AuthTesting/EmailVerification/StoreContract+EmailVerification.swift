extension StoreContract.Port {
  /// `VerificationStore`
  public static let verification: Self = .init("email verification") {
    [
      .registrationWaitsWithMessage, .refusedRegistrationIsNotKept, .newestChallengeWorks, .registrationExpires,
      .codeExpiresFirst, .codeIsOfItsRegistration, .triesAreLimited, .simultaneousTriesAreLimited,
      .completionCreatesVerifiedUser, .completionVoidsOthers, .completionNeedsFreeEmail, .oneCompletionSucceeds,
      .verificationIsOfOneEmail, .expiredRegistrationsArePurged, .registrationsOutliveReopening, .unverifiedAccountOpens,
      .unverifiedEmailIsNotTaken, .openingNeedsFreeEmail, .oneOpeningSucceeds, .ownVerificationKeepsAccount,
      .verificationNeedsExpectedPassword, .otherVerificationReplacesAccount, .oneVerificationSucceeds,
      .unverifiedUserGetsNoResetToken, .readerOfUnverifiedEmailGetsNoRight, .confirmationReplacesUnverifiedAccount,
      .endedAccountConfirmsNothing, .vouchingEndsProbation, .endedAccountsArePurged, .unverifiedAccountsOutliveReopening,
    ]
  }
}
