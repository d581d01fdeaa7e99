extension StoreContract {
  /// The clauses of `AccountStore`.
  public static let accountClauses: [Clause] = [
    .newUserIsAsGiven, .idsCountUpwards, .emailKeepsItsCase, .emailIsRegisteredOnce, .formerEmailIsFree, .oneRegistrationSucceeds,
    .simultaneousIDsDiffer,
    .loginFindsUser, .loginFindsCounters,
    .eachAttributeFindsUser, .allFiltersMustMatch, .nilFindsUsersWithout, .lowestIDIsFound, .noMatchIsNoResult,
    .eachChangeIsMade, .changesAreMadeTogether, .takenEmailRefusesAllChanges, .ownEmailMayChangeCase, .unknownUserIsNotChanged,
    .hashIsReplacedIfExpected, .oneReplacementSucceeds,
    .passwordChangeRenewsSession, .passwordChangeNeedsSession, .renewedSessionIsNewest, .endedSessionIsNotRenewed,
    .passwordChangeSparesOthers, .onePasswordChangeSucceeds, .noLoginSurvivesPasswordChange,
    .passwordChangeQueuesNotice, .deletionKeepsMessages,
    .deletedUserIsGone, .deletedIDIsNotReused, .deletedUserStaysUnchanged, .oneDeletionSucceeds,
    .sqlIsText, .wildcardsAreText, .emailIsNoPattern, .onlyASCIICaseIsIgnored, .emailsAreNotNormalized, .blanksCount,
    .invisibleCharactersCount, .everyByteOfEmailCounts,
    .hashComesBack, .hashesAreComparedByteForByte, .lookalikeHashHasNoEffect,
    .usersOutliveReopening, .deletionsOutliveReopening,
  ]
}
