import AuthTesting
import Synchronization

extension Fault {
  static let recoveryEmail: [Fault] = [
    .setsRecoveryEmailAtOnce, .losesRecoveryMessage, .addsRecoveryRequestWithoutSession, .keepsRefusedRecoveryRequest,
    .olderRecoveryRequestStays, .newerRecoveryRequestReplacesAll, .keepsOlderRecoveryChallenge, .takesRecoveryCodeForToken,
    .recoveryRequestLastsLonger, .recoveryCodeLastsLonger, .confirmsRecoveryLater, .takesRecoveryCodeOfAnyUser,
    .countsNoWrongRecoveryCode, .looksThenCountsRecoveryTry, .keepsTokenAtRecovery, .recoveryEmailIsUnique,
    .recoveryEmailLosesCase, .confirmsRecoveryForDisabled, .confirmsAnyRecoveryRequest, .looksThenConfirmsRecovery,
    .removalKeepsRecoveryRequest, .removalKeepsToken, .removesForAll, .removesWithoutSession, .losesRecoveryNotice,
    .copiesToNewRecoveryEmail, .copiesNoPasswordNotice, .copiesNoLock, .copyHasFormerAccount, .copiesNoNoticeOfDeletion,
    .copiesEverything, .copiesToSameEmail, .resetKeepsRecoveryRequest, .resetRemovesRecoveryEmail, .takeBackKeepsRecoveryEmail,
    .takeBackDeletesOldRecoveryEmail, .deletionKeepsRecoveryEmail, .purgesNoRecoveryRequests, .purgesRecoveryEmails,
    .forgetsRecoveryEmails, .forgetsRecoveryTries,
  ]

  static let setsRecoveryEmailAtOnce = Self("setsRecoveryEmailAtOnce", noticedBy: .recoveryRequestWaits)
  static let losesRecoveryMessage = Self("losesRecoveryMessage", noticedBy: .recoveryRequestWaits)
  static let addsRecoveryRequestWithoutSession = Self(
    "addsRecoveryRequestWithoutSession", noticedBy: .recoveryRequestNeedsSession)
  static let keepsRefusedRecoveryRequest = Self("keepsRefusedRecoveryRequest", noticedBy: .refusedRecoveryRequestIsNotKept)
  static let olderRecoveryRequestStays = Self("olderRecoveryRequestStays", noticedBy: .newerRecoveryRequestReplacesOlder)
  static let newerRecoveryRequestReplacesAll = Self(
    "newerRecoveryRequestReplacesAll", noticedBy: .newerRecoveryRequestReplacesOlder)
  static let keepsOlderRecoveryChallenge = Self("keepsOlderRecoveryChallenge", noticedBy: .newestRecoveryChallengeWorks)
  static let takesRecoveryCodeForToken = Self("takesRecoveryCodeForToken", noticedBy: .newestRecoveryChallengeWorks)
  static let recoveryRequestLastsLonger = Self("recoveryRequestLastsLonger", noticedBy: .recoveryRequestExpires)
  static let recoveryCodeLastsLonger = Self("recoveryCodeLastsLonger", noticedBy: .recoveryRequestExpires)
  static let confirmsRecoveryLater = Self("confirmsRecoveryLater", noticedBy: .recoveryRequestExpires)
  static let takesRecoveryCodeOfAnyUser = Self("takesRecoveryCodeOfAnyUser", noticedBy: .recoveryTriesAreLimited)
  static let countsNoWrongRecoveryCode = Self("countsNoWrongRecoveryCode", noticedBy: .recoveryTriesAreLimited)
  static let looksThenCountsRecoveryTry = Self(
    "looksThenCountsRecoveryTry", noticedBy: .simultaneousRecoveryTriesAreLimited)
  static let keepsTokenAtRecovery = Self("keepsTokenAtRecovery", noticedBy: .confirmationSetsRecoveryEmail)
  static let recoveryEmailIsUnique = Self("recoveryEmailIsUnique", noticedBy: .confirmationSetsRecoveryEmail)
  static let recoveryEmailLosesCase = Self("recoveryEmailLosesCase", noticedBy: .confirmationSetsRecoveryEmail)
  static let confirmsRecoveryForDisabled = Self(
    "confirmsRecoveryForDisabled", noticedBy: .recoveryConfirmationNeedsSameUser)
  static let confirmsAnyRecoveryRequest = Self("confirmsAnyRecoveryRequest", noticedBy: .recoveryConfirmationNeedsSameUser)
  static let looksThenConfirmsRecovery = Self("looksThenConfirmsRecovery", noticedBy: .oneRecoveryConfirmationSucceeds)
  static let removalKeepsRecoveryRequest = Self("removalKeepsRecoveryRequest", noticedBy: .removalDeletesRecoveryEmail)
  static let removalKeepsToken = Self("removalKeepsToken", noticedBy: .removalDeletesRecoveryEmail)
  static let removesForAll = Self("removesForAll", noticedBy: .removalDeletesRecoveryEmail)
  static let removesWithoutSession = Self("removesWithoutSession", noticedBy: .removalNeedsSession)
  static let losesRecoveryNotice = Self("losesRecoveryNotice", noticedBy: .recoveryNoticesReachBoth)
  static let copiesToNewRecoveryEmail = Self("copiesToNewRecoveryEmail", noticedBy: .recoveryNoticesReachBoth)
  static let copiesNoPasswordNotice = Self("copiesNoPasswordNotice", noticedBy: .noticesAreCopied)
  static let copiesNoLock = Self("copiesNoLock", noticedBy: .noticesAreCopied)
  static let copyHasFormerAccount = Self("copyHasFormerAccount", noticedBy: .noticesAreCopied)
  static let copiesNoNoticeOfDeletion = Self("copiesNoNoticeOfDeletion", noticedBy: .noticesOfDeletionAreCopied)
  static let copiesEverything = Self("copiesEverything", noticedBy: .onlyNoticesAreCopied)
  static let copiesToSameEmail = Self("copiesToSameEmail", noticedBy: .onlyNoticesAreCopied)
  static let resetKeepsRecoveryRequest = Self("resetKeepsRecoveryRequest", noticedBy: .newPasswordVoidsRecoveryRequest)
  static let resetRemovesRecoveryEmail = Self("resetRemovesRecoveryEmail", noticedBy: .newPasswordVoidsRecoveryRequest)
  static let takeBackKeepsRecoveryEmail = Self("takeBackKeepsRecoveryEmail", noticedBy: .takeBackDeletesYoungRecoveryEmail)
  static let takeBackDeletesOldRecoveryEmail = Self(
    "takeBackDeletesOldRecoveryEmail", noticedBy: .takeBackDeletesYoungRecoveryEmail)
  static let deletionKeepsRecoveryEmail = Self("deletionKeepsRecoveryEmail", noticedBy: .recoveryEmailEndsWithUser)
  static let purgesNoRecoveryRequests = Self("purgesNoRecoveryRequests", noticedBy: .endedRecoveryRequestsArePurged)
  static let purgesRecoveryEmails = Self("purgesRecoveryEmails", noticedBy: .endedRecoveryRequestsArePurged)
  static let forgetsRecoveryEmails = Self("forgetsRecoveryEmails", noticedBy: .recoveryEmailsOutliveReopening) { store in
    store.setRecoveryRows(emails: [:])
  }
  static let forgetsRecoveryTries = Self("forgetsRecoveryTries", noticedBy: .recoveryEmailsOutliveReopening) { store in
    store.memory.withLock { $0.recoveryEmail.isReopened = true }
  }
}
