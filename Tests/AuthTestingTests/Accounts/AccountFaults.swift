import AuthCore
import AuthTesting
import Synchronization

extension Fault {
  /// The faults of `AccountStore`.
  static let accounts: [Fault] = [
    .losesHash, .countsDown, .lowercasesEmail, .registersTwice, .overwritesRefusedUser, .neverFreesEmail,
    .looksThenRegisters, .countsThenRegisters,
    .loginFindsExactCaseOnly, .loginFindsFirstUserForNil, .loginFindsCountersOfUsersOnly, .loginSortsKeys,
    .findsExactCaseOnly, .ignoresSessionFilter, .usesFirstFilterOnly, .matchesNothingWithNil, .findsLastUser,
    .findsWithWrongError,
    .ignoresRevocation, .endsSessionsWithHash, .makesFirstChangeOnly, .makesChangesOneByOne, .refusesOwnEmail,
    .ignoresUnknownUser,
    .replacesAnyHash, .looksThenReplaces,
    .keepsOthersAtChange, .endsOthersAtChange, .changesAnyPassword, .revokesTokenAtRefusal,
    .endsAllAtChange, .losesClientAtChange, .renewsEnded, .endsThenChanges, .looksThenChanges,
    .losesNotice, .queuesNoticeAtRefusal, .deletesMessagesOfUser, .tellsNoOneOfDeletion, .tellsOfRefusedDeletion,
    .deletesForAnyHash, .deletesNothing, .opensForDeleted, .keepsSessionsOfDeleted, .deletesSessionsOfAll, .reusesIDs,
    .looksThenDeletes,
    .dropsQuotes, .mergesWildcards, .findsByPattern, .foldsAllLetters, .normalizesEmail, .trimsEmail, .dropsInvisible,
    .truncatesEmail,
    .trimsHash, .comparesHashesAsCharacters,
    .forgetsUsers, .revivesDeleted, .forgetsUsedIDs,
  ]

  static let tellsNoOneOfDeletion = Self("tellsNoOneOfDeletion", noticedBy: .deletionQueuesNotice)
  static let tellsOfRefusedDeletion = Self("tellsOfRefusedDeletion", noticedBy: .deletionQueuesNotice)

  static let losesHash = Self("losesHash", noticedBy: .newUserIsAsGiven)
  static let countsDown = Self("countsDown", noticedBy: .idsCountUpwards)
  static let lowercasesEmail = Self("lowercasesEmail", noticedBy: .emailKeepsItsCase)
  static let registersTwice = Self("registersTwice", noticedBy: .emailIsRegisteredOnce)
  static let overwritesRefusedUser = Self("overwritesRefusedUser", noticedBy: .emailIsRegisteredOnce)
  static let neverFreesEmail = Self("neverFreesEmail", noticedBy: .formerEmailIsFree)

  static let looksThenRegisters = Self("looksThenRegisters", noticedBy: .oneRegistrationSucceeds)
  static let countsThenRegisters = Self("countsThenRegisters", noticedBy: .simultaneousIDsDiffer)

  static let loginFindsExactCaseOnly = Self("loginFindsExactCaseOnly", noticedBy: .loginFindsUser)
  static let loginFindsFirstUserForNil = Self("loginFindsFirstUserForNil", noticedBy: .loginFindsUser)
  static let loginFindsCountersOfUsersOnly = Self("loginFindsCountersOfUsersOnly", noticedBy: .loginFindsCounters)
  static let loginSortsKeys = Self("loginSortsKeys", noticedBy: .loginFindsCounters)

  static let findsExactCaseOnly = Self("findsExactCaseOnly", noticedBy: .eachAttributeFindsUser)
  static let ignoresSessionFilter = Self("ignoresSessionFilter", noticedBy: .eachAttributeFindsUser)
  static let usesFirstFilterOnly = Self("usesFirstFilterOnly", noticedBy: .allFiltersMustMatch)
  static let matchesNothingWithNil = Self("matchesNothingWithNil", noticedBy: .nilFindsUsersWithout)
  static let findsLastUser = Self("findsLastUser", noticedBy: .lowestIDIsFound)
  static let findsWithWrongError = Self("findsWithWrongError", noticedBy: .noMatchIsNoResult)

  static let ignoresRevocation = Self("ignoresRevocation", noticedBy: .eachChangeIsMade)
  static let endsSessionsWithHash = Self("endsSessionsWithHash", noticedBy: .eachChangeIsMade)
  static let makesFirstChangeOnly = Self("makesFirstChangeOnly", noticedBy: .changesAreMadeTogether)
  static let makesChangesOneByOne = Self("makesChangesOneByOne", noticedBy: .takenEmailRefusesAllChanges)
  static let refusesOwnEmail = Self("refusesOwnEmail", noticedBy: .ownEmailMayChangeCase)
  static let ignoresUnknownUser = Self("ignoresUnknownUser", noticedBy: .unknownUserIsNotChanged)

  static let replacesAnyHash = Self("replacesAnyHash", noticedBy: .hashIsReplacedIfExpected)
  static let looksThenReplaces = Self("looksThenReplaces", noticedBy: .oneReplacementSucceeds)

  static let keepsOthersAtChange = Self("keepsOthersAtChange", noticedBy: .passwordChangeRenewsSession)
  static let endsOthersAtChange = Self("endsOthersAtChange", noticedBy: .passwordChangeRenewsSession)
  static let changesAnyPassword = Self("changesAnyPassword", noticedBy: .passwordChangeNeedsSession)
  static let revokesTokenAtRefusal = Self("revokesTokenAtRefusal", noticedBy: .passwordChangeNeedsSession)

  static let endsAllAtChange = Self("endsAllAtChange", noticedBy: .passwordChangeSparesOthers)
  static let losesClientAtChange = Self("losesClientAtChange", noticedBy: .renewedSessionIsNewest)
  static let renewsEnded = Self("renewsEnded", noticedBy: .endedSessionIsNotRenewed)
  static let endsThenChanges = Self("endsThenChanges", noticedBy: .noLoginSurvivesPasswordChange)
  static let looksThenChanges = Self("looksThenChanges", noticedBy: .onePasswordChangeSucceeds)

  static let losesNotice = Self("losesNotice", noticedBy: .passwordChangeQueuesNotice, .useQueuesNotice)
  static let queuesNoticeAtRefusal = Self("queuesNoticeAtRefusal", noticedBy: .passwordChangeQueuesNotice, .useQueuesNotice)
  static let deletesMessagesOfUser = Self("deletesMessagesOfUser", noticedBy: .deletionKeepsMessages)

  static let deletesForAnyHash = Self("deletesForAnyHash", noticedBy: .deletedUserIsGone)
  static let deletesNothing = Self("deletesNothing", noticedBy: .deletedUserIsGone)
  static let opensForDeleted = Self("opensForDeleted", noticedBy: .deletedUserStaysUnchanged)
  static let keepsSessionsOfDeleted = Self("keepsSessionsOfDeleted", noticedBy: .deletedUserIsGone)
  static let deletesSessionsOfAll = Self("deletesSessionsOfAll", noticedBy: .deletedUserIsGone)
  static let reusesIDs = Self("reusesIDs", noticedBy: .deletedIDIsNotReused)
  static let looksThenDeletes = Self("looksThenDeletes", noticedBy: .oneDeletionSucceeds)

  static let dropsQuotes = Self("dropsQuotes", noticedBy: .sqlIsText)
  static let mergesWildcards = Self("mergesWildcards", noticedBy: .wildcardsAreText)
  static let findsByPattern = Self("findsByPattern", noticedBy: .emailIsNoPattern)
  static let foldsAllLetters = Self("foldsAllLetters", noticedBy: .onlyASCIICaseIsIgnored)
  static let normalizesEmail = Self("normalizesEmail", noticedBy: .emailsAreNotNormalized)
  static let trimsEmail = Self("trimsEmail", noticedBy: .blanksCount)
  static let dropsInvisible = Self("dropsInvisible", noticedBy: .invisibleCharactersCount)
  static let truncatesEmail = Self("truncatesEmail", noticedBy: .everyByteOfEmailCounts)

  static let trimsHash = Self("trimsHash", noticedBy: .hashComesBack)
  static let comparesHashesAsCharacters = Self(
    "comparesHashesAsCharacters", noticedBy: .hashesAreComparedByteForByte, .lookalikeHashHasNoEffect)

  static let forgetsUsers = Self("forgetsUsers", noticedBy: .usersOutliveReopening) { store in
    for user in await store.users() { _ = try await store.base.deleteUser(user.id, ifPassword: user.hashedPassword) }
  }
  static let revivesDeleted = Self("revivesDeleted", noticedBy: .deletionsOutliveReopening) { store in
    for user in store.memory.withLock({ $0.deletedUsers }) { try await store.add(user.email, user.hashedPassword) }
  }
  static let forgetsUsedIDs = Self("forgetsUsedIDs", noticedBy: .deletionsOutliveReopening)
}
