import AuthCore
import AuthTesting
import Synchronization

extension Fault {
  static let emailChange: [Fault] = [
    .changesAtOnce, .losesChangeMessage, .losesChangeNotice, .refusesTakenChange, .addsChangeWithoutSession,
    .addsChangeOfFormerEmail, .keepsRefusedChange, .ignoresChangeLimit, .olderChangeStays, .newerChangeVoidsRights,
    .newerChangeReplacesAll, .keepsOlderChangeChallenge, .takesChangeCodeForToken, .changeLastsLonger, .changeCodeLastsLonger,
    .confirmsLater, .takesCodeOfAnyUser, .countsNoWrongChangeCode, .looksThenCountsChangeTry, .verifiesNoChange,
    .endsSessionsAtConfirmation, .keepsTokenAtConfirmation, .keepsConfirmedChange, .keepsRegistrationsOfChange,
    .losesConfirmationNotice, .queuesNoticeOfRefusedChange, .movesNoCounters, .takesEmailOfOther, .confirmsForDisabled,
    .confirmsAnyChange, .looksThenConfirms, .reservesNothing, .reservesAtOnce, .returningVoidsRights, .confirmationVoidsRights,
    .keepsOlderTakeBackToken, .takeBackLastsLonger, .keepsChangeAtTakeBack, .keepsSessionsAtTakeBack,
    .keepsResetTokenAtTakeBack, .verifiesNoTakeBack, .restoresNoEmail, .losesTakeBackNotices, .queuesNoticesOfRefusal,
    .takeBackKeepsCounters, .takeBackWorksTwice, .looksThenTakesBack, .keepsLaterRights, .voidsEarlierRights,
    .ignoresPresentEmail, .enablesAtTakeBack, .changeKeepsOpenChange, .resetKeepsOpenChange, .resetKeepsRightToStop,
    .resetVoidsRights, .newEmailKeepsRights, .deletionKeepsRights, .purgesNoChanges, .purgesChangesEarly, .forgetsChangeTries,
  ]

  static let changesAtOnce = Self("changesAtOnce", noticedBy: .changeWaitsWithMessages)
  static let losesChangeMessage = Self("losesChangeMessage", noticedBy: .changeWaitsWithMessages)
  static let losesChangeNotice = Self("losesChangeNotice", noticedBy: .changeWaitsWithMessages)
  static let refusesTakenChange = Self("refusesTakenChange", noticedBy: .changeWaitsWithMessages)
  static let addsChangeWithoutSession = Self("addsChangeWithoutSession", noticedBy: .changeNeedsSession)
  static let addsChangeOfFormerEmail = Self("addsChangeOfFormerEmail", noticedBy: .changeNeedsSession)
  static let keepsRefusedChange = Self("keepsRefusedChange", noticedBy: .refusedChangeIsNotKept)
  static let ignoresChangeLimit = Self("ignoresChangeLimit", noticedBy: .refusedChangeIsNotKept)
  static let olderChangeStays = Self("olderChangeStays", noticedBy: .newerChangeReplacesOlder)
  static let newerChangeVoidsRights = Self("newerChangeVoidsRights", noticedBy: .newerChangeReplacesOlder)
  static let newerChangeReplacesAll = Self("newerChangeReplacesAll", noticedBy: .newerChangeReplacesOlder)
  static let keepsOlderChangeChallenge = Self("keepsOlderChangeChallenge", noticedBy: .newestChangeChallengeWorks)
  static let takesChangeCodeForToken = Self("takesChangeCodeForToken", noticedBy: .newestChangeChallengeWorks)
  static let changeLastsLonger = Self("changeLastsLonger", noticedBy: .changeExpires)
  static let changeCodeLastsLonger = Self("changeCodeLastsLonger", noticedBy: .changeExpires)
  static let confirmsLater = Self("confirmsLater", noticedBy: .changeExpires)
  static let takesCodeOfAnyUser = Self("takesCodeOfAnyUser", noticedBy: .changeTriesAreLimited)
  static let countsNoWrongChangeCode = Self("countsNoWrongChangeCode", noticedBy: .changeTriesAreLimited)
  static let looksThenCountsChangeTry = Self("looksThenCountsChangeTry", noticedBy: .simultaneousChangeTriesAreLimited)
  static let verifiesNoChange = Self("verifiesNoChange", noticedBy: .confirmationChangesEmail)
  static let endsSessionsAtConfirmation = Self("endsSessionsAtConfirmation", noticedBy: .confirmationChangesEmail)
  static let keepsTokenAtConfirmation = Self("keepsTokenAtConfirmation", noticedBy: .confirmationChangesEmail)
  static let keepsConfirmedChange = Self("keepsConfirmedChange", noticedBy: .confirmationChangesEmail)
  static let keepsRegistrationsOfChange = Self("keepsRegistrationsOfChange", noticedBy: .confirmationVoidsRegistrations)
  static let losesConfirmationNotice = Self("losesConfirmationNotice", noticedBy: .confirmationQueuesNotice)
  static let queuesNoticeOfRefusedChange = Self("queuesNoticeOfRefusedChange", noticedBy: .confirmationQueuesNotice)
  static let movesNoCounters = Self("movesNoCounters", noticedBy: .confirmationMovesCounters)
  static let takesEmailOfOther = Self("takesEmailOfOther", noticedBy: .confirmationNeedsFreeEmail)
  static let confirmsForDisabled = Self("confirmsForDisabled", noticedBy: .confirmationNeedsSameUser)
  static let confirmsAnyChange = Self("confirmsAnyChange", noticedBy: .confirmationNeedsSameUser)
  static let looksThenConfirms = Self("looksThenConfirms", noticedBy: .oneConfirmationSucceeds)
  static let reservesNothing = Self("reservesNothing", noticedBy: .formerEmailIsReserved)
  static let reservesAtOnce = Self("reservesAtOnce", noticedBy: .reservationEndsWithRight)
  static let returningVoidsRights = Self("returningVoidsRights", noticedBy: .ownerMayReturn)
  static let confirmationVoidsRights = Self("confirmationVoidsRights", noticedBy: .everyTakeBackMessageHasToken)
  static let keepsOlderTakeBackToken = Self("keepsOlderTakeBackToken", noticedBy: .everyTakeBackMessageHasToken)
  static let takeBackLastsLonger = Self("takeBackLastsLonger", noticedBy: .takeBackExpires)
  static let keepsChangeAtTakeBack = Self("keepsChangeAtTakeBack", noticedBy: .takeBackStopsChange, .takeBackRestoresEmail)
  static let keepsSessionsAtTakeBack = Self("keepsSessionsAtTakeBack", noticedBy: .takeBackStopsChange, .takeBackRestoresEmail)
  static let keepsResetTokenAtTakeBack = Self(
    "keepsResetTokenAtTakeBack", noticedBy: .takeBackStopsChange, .takeBackRestoresEmail)
  static let verifiesNoTakeBack = Self("verifiesNoTakeBack", noticedBy: .takeBackStopsChange, .takeBackRestoresEmail)
  static let restoresNoEmail = Self("restoresNoEmail", noticedBy: .takeBackRestoresEmail)
  static let losesTakeBackNotices = Self("losesTakeBackNotices", noticedBy: .takeBackQueuesNotices)
  static let queuesNoticesOfRefusal = Self("queuesNoticesOfRefusal", noticedBy: .takeBackQueuesNotices)
  static let takeBackKeepsCounters = Self("takeBackKeepsCounters", noticedBy: .takeBackQueuesNotices)
  static let takeBackWorksTwice = Self("takeBackWorksTwice", noticedBy: .takeBackWorksOnce)
  static let looksThenTakesBack = Self("looksThenTakesBack", noticedBy: .oneTakeBackSucceeds)
  static let keepsLaterRights = Self("keepsLaterRights", noticedBy: .takeBackVoidsLaterChanges)
  static let voidsEarlierRights = Self("voidsEarlierRights", noticedBy: .takeBackVoidsLaterChanges)
  static let ignoresPresentEmail = Self("ignoresPresentEmail", noticedBy: .takeBackNeedsPresentEmail)
  static let enablesAtTakeBack = Self("enablesAtTakeBack", noticedBy: .takeBackEnablesNoOne)
  static let changeKeepsOpenChange = Self("changeKeepsOpenChange", noticedBy: .newPasswordVoidsChange)
  static let resetKeepsOpenChange = Self(
    "resetKeepsOpenChange", noticedBy: .newPasswordVoidsChange, .confirmationRacesOthers)
  static let resetKeepsRightToStop = Self("resetKeepsRightToStop", noticedBy: .newPasswordVoidsChange)
  static let resetVoidsRights = Self("resetVoidsRights", noticedBy: .newPasswordVoidsChange)
  static let newEmailKeepsRights = Self("newEmailKeepsRights", noticedBy: .newEmailVoidsRights)
  static let deletionKeepsRights = Self("deletionKeepsRights", noticedBy: .changesEndWithUser)
  static let purgesNoChanges = Self("purgesNoChanges", noticedBy: .endedChangesArePurged, .reservationEndsWithRight)
  static let purgesChangesEarly = Self("purgesChangesEarly", noticedBy: .endedChangesArePurged, .reservationEndsWithRight)
  static let forgetsChangeTries = Self("forgetsChangeTries", noticedBy: .changesOutliveReopening) { store in
    store.memory.withLock { $0.emailChange.isReopened = true }
  }
}
