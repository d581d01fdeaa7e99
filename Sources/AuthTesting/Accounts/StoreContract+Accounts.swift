extension StoreContract.Port {
  /// `AccountStore`
  public static let accounts: Self = .init("accounts") {
    [
      .newUserIsAsGiven, .idsCountUpwards, .emailKeepsItsCase, .emailIsRegisteredOnce, .formerEmailIsFree,
      .oneRegistrationSucceeds, .simultaneousIDsDiffer,
      .loginFindsUser, .loginFindsCounters,
      .eachAttributeFindsUser, .allFiltersMustMatch, .nilFindsUsersWithout, .lowestIDIsFound, .noMatchIsNoResult,
      .eachChangeIsMade, .changesAreMadeTogether, .takenEmailRefusesAllChanges, .ownEmailMayChangeCase, .unknownUserIsNotChanged,
      .hashIsReplacedIfExpected, .oneReplacementSucceeds,
      .passwordChangeRenewsSession, .passwordChangeNeedsSession, .renewedSessionIsNewest, .endedSessionIsNotRenewed,
      .passwordChangeSparesOthers, .onePasswordChangeSucceeds, .noLoginSurvivesPasswordChange,
      .passwordChangeQueuesNotice, .deletionKeepsMessages, .deletionQueuesNotice,
      .deletedUserIsGone, .deletedIDIsNotReused, .deletedUserStaysUnchanged, .oneDeletionSucceeds,
      .sqlIsText, .wildcardsAreText, .emailIsNoPattern, .onlyASCIICaseIsIgnored, .emailsAreNotNormalized, .blanksCount,
      .invisibleCharactersCount, .everyByteOfEmailCounts,
      .hashComesBack, .hashesAreComparedByteForByte, .lookalikeHashHasNoEffect,
      .usersOutliveReopening, .deletionsOutliveReopening,
    ]
  }
}
