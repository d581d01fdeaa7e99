import AuthTesting
import Synchronization

extension Fault {
  static let unverifiedAccounts: [Fault] = [
    .losesOpeningMessage, .opensVerifiedAccount, .loginOverlooksUnverified, .listOverlooksUnverified,
    .remembersProbationOfDeleted, .deletionKeepsRegistration, .refusesUnverifiedEmail, .secondOpeningTakesOver, .waitsBesideTaken,
    .keepsRegistrationOfTaken, .opensWithoutMessage, .looksThenOpens, .verifyingKeepsProbation, .verifyingNotesNothing,
    .verifyingEndsSessions, .verifyingKeepsOthers, .replacesOwnAccount, .ignoresExpectedPassword, .keepsSessionsOfReplaced,
    .keepsChangeOfReplaced, .adoptsOtherAccount, .looksThenVerifies, .issuesTokenBeforeVerification,
    .givesRightToUnverifiedReader, .reservesUnverifiedEmail, .confirmationKeepsProbation, .squatterKeepsEmail,
    .forgetsReplacedSquatter, .confirmsForEndedAccount, .vouchingKeepsRegistrations, .vouchesTwice, .vouchesForNoOne,
    .purgesNoUnverified, .purgesUnverifiedEarly, .forgetsPurgedUsers, .forgetsUnverified,
  ]

  static let losesOpeningMessage = Self("losesOpeningMessage", noticedBy: .unverifiedAccountOpens)
  static let opensVerifiedAccount = Self("opensVerifiedAccount", noticedBy: .unverifiedAccountOpens)
  static let loginOverlooksUnverified = Self("loginOverlooksUnverified", noticedBy: .unverifiedAccountOpens)
  static let listOverlooksUnverified = Self("listOverlooksUnverified", noticedBy: .unverifiedAccountOpens)
  static let remembersProbationOfDeleted = Self("remembersProbationOfDeleted", noticedBy: .unverifiedAccountOpens)
  static let deletionKeepsRegistration = Self("deletionKeepsRegistration", noticedBy: .unverifiedAccountOpens)
  static let refusesUnverifiedEmail = Self("refusesUnverifiedEmail", noticedBy: .unverifiedEmailIsNotTaken)
  static let secondOpeningTakesOver = Self("secondOpeningTakesOver", noticedBy: .unverifiedEmailIsNotTaken)
  static let waitsBesideTaken = Self("waitsBesideTaken", noticedBy: .openingNeedsFreeEmail)
  static let keepsRegistrationOfTaken = Self("keepsRegistrationOfTaken", noticedBy: .openingNeedsFreeEmail)
  static let opensWithoutMessage = Self("opensWithoutMessage", noticedBy: .openingNeedsFreeEmail)
  static let looksThenOpens = Self("looksThenOpens", noticedBy: .oneOpeningSucceeds)
  static let verifyingKeepsProbation = Self("verifyingKeepsProbation", noticedBy: .ownVerificationKeepsAccount)
  static let verifyingNotesNothing = Self("verifyingNotesNothing", noticedBy: .ownVerificationKeepsAccount)
  static let verifyingEndsSessions = Self("verifyingEndsSessions", noticedBy: .ownVerificationKeepsAccount)
  static let verifyingKeepsOthers = Self("verifyingKeepsOthers", noticedBy: .ownVerificationKeepsAccount)
  static let replacesOwnAccount = Self("replacesOwnAccount", noticedBy: .ownVerificationKeepsAccount)
  static let ignoresExpectedPassword = Self("ignoresExpectedPassword", noticedBy: .verificationNeedsExpectedPassword)
  static let keepsSessionsOfReplaced = Self("keepsSessionsOfReplaced", noticedBy: .otherVerificationReplacesAccount)
  static let keepsChangeOfReplaced = Self("keepsChangeOfReplaced", noticedBy: .otherVerificationReplacesAccount)
  static let adoptsOtherAccount = Self("adoptsOtherAccount", noticedBy: .otherVerificationReplacesAccount)
  static let looksThenVerifies = Self("looksThenVerifies", noticedBy: .oneVerificationSucceeds)
  static let issuesTokenBeforeVerification = Self(
    "issuesTokenBeforeVerification", noticedBy: .unverifiedUserGetsNoResetToken)
  static let givesRightToUnverifiedReader = Self(
    "givesRightToUnverifiedReader", noticedBy: .readerOfUnverifiedEmailGetsNoRight)
  static let reservesUnverifiedEmail = Self("reservesUnverifiedEmail", noticedBy: .readerOfUnverifiedEmailGetsNoRight)
  static let confirmationKeepsProbation = Self("confirmationKeepsProbation", noticedBy: .readerOfUnverifiedEmailGetsNoRight)
  static let squatterKeepsEmail = Self("squatterKeepsEmail", noticedBy: .confirmationReplacesUnverifiedAccount)
  static let forgetsReplacedSquatter = Self("forgetsReplacedSquatter", noticedBy: .confirmationReplacesUnverifiedAccount)
  static let confirmsForEndedAccount = Self("confirmsForEndedAccount", noticedBy: .endedAccountConfirmsNothing)
  static let vouchingKeepsRegistrations = Self("vouchingKeepsRegistrations", noticedBy: .vouchingEndsProbation)
  static let vouchesTwice = Self("vouchesTwice", noticedBy: .vouchingEndsProbation)
  static let vouchesForNoOne = Self("vouchesForNoOne", noticedBy: .vouchingEndsProbation)
  static let purgesNoUnverified = Self("purgesNoUnverified", noticedBy: .endedAccountsArePurged)
  static let purgesUnverifiedEarly = Self("purgesUnverifiedEarly", noticedBy: .endedAccountsArePurged)
  static let forgetsPurgedUsers = Self("forgetsPurgedUsers", noticedBy: .endedAccountsArePurged)
  static let forgetsUnverified = Self("forgetsUnverified", noticedBy: .unverifiedAccountsOutliveReopening) { store in
    store.memory.withLock { $0.verification.isReopened = true }
  }
}
