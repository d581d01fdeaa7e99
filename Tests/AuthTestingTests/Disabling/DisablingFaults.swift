import AuthCore
import AuthTesting

extension Fault {
  static let disabling: [Fault] = [
    .keepsSessionsOfDisabled, .endsSessionsOfAllWithOne, .revokesTokenOfDisabled, .returnsDeadSessionsOfDisabled,
    .opensForDisabled, .countsForDisabled, .replacesForDisabled, .looksThenOpensForDisabled,
    .loginOverlooksDisabled, .disablesAll, .movesDisabling, .neverEnables, .disablesUnknown,
    .enablesWithReset, .enablesWithNewHash, .disablesEmail, .forgetsDisabled,
    .tellsNoOneOfDisabling, .tellsOfDisablingTwice, .tellsNoOneOfEnabling, .tellsOfEnablingTwice,
  ]

  static let keepsSessionsOfDisabled = Self("keepsSessionsOfDisabled", noticedBy: .disablingEndsSessions)
  static let endsSessionsOfAllWithOne = Self("endsSessionsOfAllWithOne", noticedBy: .disablingEndsSessions)
  static let revokesTokenOfDisabled = Self("revokesTokenOfDisabled", noticedBy: .disablingEndsSessions)
  static let returnsDeadSessionsOfDisabled = Self(
    "returnsDeadSessionsOfDisabled", noticedBy: .disablingReturnsLiveSessions)

  static let opensForDisabled = Self("opensForDisabled", noticedBy: .disabledUserGetsNoSession)
  static let countsForDisabled = Self("countsForDisabled", noticedBy: .disabledUserGetsNoSession)
  static let replacesForDisabled = Self("replacesForDisabled", noticedBy: .disabledUserGetsNoSession)
  static let looksThenOpensForDisabled = Self("looksThenOpensForDisabled", noticedBy: .noSessionOpensAfterDisabling)

  static let loginOverlooksDisabled = Self("loginOverlooksDisabled", noticedBy: .stateIsOfOneUser)
  static let disablesAll = Self("disablesAll", noticedBy: .stateIsOfOneUser)
  static let movesDisabling = Self("movesDisabling", noticedBy: .disablingIsDoneOnce)
  static let neverEnables = Self("neverEnables", noticedBy: .enabledUserGetsSessions)
  static let disablesUnknown = Self("disablesUnknown", noticedBy: .stateNeedsUser)

  static let enablesWithReset = Self("enablesWithReset", noticedBy: .newPasswordEnablesNoOne)
  static let enablesWithNewHash = Self("enablesWithNewHash", noticedBy: .newPasswordEnablesNoOne)
  static let disablesEmail = Self("disablesEmail", noticedBy: .disablingEndsWithUser)

  static let tellsNoOneOfDisabling = Self("tellsNoOneOfDisabling", noticedBy: .disablingQueuesNotice)
  static let tellsOfDisablingTwice = Self("tellsOfDisablingTwice", noticedBy: .disablingQueuesNotice)
  static let tellsNoOneOfEnabling = Self("tellsNoOneOfEnabling", noticedBy: .enablingQueuesNotice)
  static let tellsOfEnablingTwice = Self("tellsOfEnablingTwice", noticedBy: .enablingQueuesNotice)

  static let forgetsDisabled = Self("forgetsDisabled", noticedBy: .disablingOutlivesReopening) { store in
    for user in await store.users() { _ = try await store.base.enableUser(user.id) }
  }
}
