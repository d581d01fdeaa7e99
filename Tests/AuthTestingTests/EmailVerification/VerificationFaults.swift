import AuthCore
import AuthTesting
import Synchronization

extension Fault {
  static let verification: [Fault] = [
    .registersAtOnce, .refusesTakenRegistration, .losesVerificationMessage, .keepsRefusedRegistration, .keepsOlderChallenge,
    .takesCodeForToken, .registrationLastsLonger, .completesLater, .codeLastsLonger, .linkEndsWithCode, .takesCodeOfAnyone,
    .countsNoWrongCode, .countsNoLink, .looksThenCountsTry, .verifiesNothing, .completesTwice, .keepsOtherRegistrations,
    .voidsAllRegistrations, .foldsNoRegisteredCase, .replacesTakenUser, .looksThenCompletes, .verifiesAnyEmail,
    .purgesNoRegistrations, .purgesRegistrationsEarly, .forgetsTries,
  ]

  static let registersAtOnce = Self("registersAtOnce", noticedBy: .registrationWaitsWithMessage)
  static let refusesTakenRegistration = Self("refusesTakenRegistration", noticedBy: .registrationWaitsWithMessage)
  static let losesVerificationMessage = Self("losesVerificationMessage", noticedBy: .registrationWaitsWithMessage)
  static let keepsRefusedRegistration = Self("keepsRefusedRegistration", noticedBy: .refusedRegistrationIsNotKept)
  static let keepsOlderChallenge = Self("keepsOlderChallenge", noticedBy: .newestChallengeWorks)
  static let takesCodeForToken = Self("takesCodeForToken", noticedBy: .newestChallengeWorks)
  static let registrationLastsLonger = Self("registrationLastsLonger", noticedBy: .registrationExpires)
  static let completesLater = Self("completesLater", noticedBy: .registrationExpires)
  static let codeLastsLonger = Self("codeLastsLonger", noticedBy: .codeExpiresFirst)
  static let linkEndsWithCode = Self("linkEndsWithCode", noticedBy: .codeExpiresFirst)
  static let takesCodeOfAnyone = Self("takesCodeOfAnyone", noticedBy: .codeIsOfItsRegistration)
  static let countsNoWrongCode = Self("countsNoWrongCode", noticedBy: .codeIsOfItsRegistration, .triesAreLimited)
  static let countsNoLink = Self("countsNoLink", noticedBy: .triesAreLimited)
  static let looksThenCountsTry = Self("looksThenCountsTry", noticedBy: .simultaneousTriesAreLimited)
  static let verifiesNothing = Self("verifiesNothing", noticedBy: .completionCreatesVerifiedUser)
  static let completesTwice = Self("completesTwice", noticedBy: .completionCreatesVerifiedUser)
  static let keepsOtherRegistrations = Self("keepsOtherRegistrations", noticedBy: .completionVoidsOthers)
  static let voidsAllRegistrations = Self("voidsAllRegistrations", noticedBy: .completionVoidsOthers)
  static let foldsNoRegisteredCase = Self("foldsNoRegisteredCase", noticedBy: .completionVoidsOthers)
  static let replacesTakenUser = Self("replacesTakenUser", noticedBy: .completionNeedsFreeEmail)
  static let looksThenCompletes = Self("looksThenCompletes", noticedBy: .oneCompletionSucceeds)
  static let verifiesAnyEmail = Self("verifiesAnyEmail", noticedBy: .verificationIsOfOneEmail)
  static let purgesNoRegistrations = Self("purgesNoRegistrations", noticedBy: .expiredRegistrationsArePurged)
  static let purgesRegistrationsEarly = Self("purgesRegistrationsEarly", noticedBy: .expiredRegistrationsArePurged)
  static let forgetsTries = Self("forgetsTries", noticedBy: .registrationsOutliveReopening) { store in
    store.memory.withLock { $0.verification.isReopened = true }
  }
}
