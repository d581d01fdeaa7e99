import AuthCore
import AuthTesting
import Synchronization

extension Fault {
  /// The faults of `ResetTokenStore`.
  static let resetTokens: [Fault] = [
    .returnsFormerUser, .keepsOlderTokens, .issuesToFirstUser, .hidesRevokedToken, .takesSessionForToken,
    .takesEmptyForNone,
    .usesTokenForNothing, .usesTokenTwice, .alwaysEndsSessions, .neverEndsSessions, .usesUpTokensOfAll, .looksThenUsesToken,
    .keepsClearedCounter, .clearsCounterOfEachKind, .clearsCounterAtRefusal,
    .tokenLastsLonger, .tokenUsableLonger, .discardsTokenUsedLate,
    .forgetsTokens,
  ]

  static let returnsFormerUser = Self("returnsFormerUser", noticedBy: .tokenLeadsToUser)
  static let keepsOlderTokens = Self("keepsOlderTokens", noticedBy: .newerTokenReplacesOlder)
  static let issuesToFirstUser = Self("issuesToFirstUser", noticedBy: .tokenNeedsUser)
  static let hidesRevokedToken = Self("hidesRevokedToken", noticedBy: .revokedTokenIsVoid)
  static let takesSessionForToken = Self("takesSessionForToken", noticedBy: .sessionIsNoToken)
  static let takesEmptyForNone = Self("takesEmptyForNone", noticedBy: .madeUpDigestMatchesNothing)

  static let usesTokenForNothing = Self("usesTokenForNothing", noticedBy: .useSetsHash)
  static let usesTokenTwice = Self("usesTokenTwice", noticedBy: .tokenWorksOnce)
  static let alwaysEndsSessions = Self("alwaysEndsSessions", noticedBy: .useLeavesSessions)
  static let neverEndsSessions = Self("neverEndsSessions", noticedBy: .useEndsSessions)
  static let usesUpTokensOfAll = Self("usesUpTokensOfAll", noticedBy: .useSparesOthers)
  static let looksThenUsesToken = Self("looksThenUsesToken", noticedBy: .oneUseSucceeds)

  static let keepsClearedCounter = Self("keepsClearedCounter", noticedBy: .useClearsCounter)
  static let clearsCounterOfEachKind = Self("clearsCounterOfEachKind", noticedBy: .useClearsCounter)
  static let clearsCounterAtRefusal = Self("clearsCounterAtRefusal", noticedBy: .useClearsCounter)

  static let tokenLastsLonger = Self("tokenLastsLonger", noticedBy: .tokenExpires)
  static let tokenUsableLonger = Self("tokenUsableLonger", noticedBy: .unexpiredTokenWorks)
  static let discardsTokenUsedLate = Self("discardsTokenUsedLate", noticedBy: .expiredTokenChangesNothing)

  static let forgetsTokens = Self("forgetsTokens", noticedBy: .tokensOutliveReopening) { store in
    for user in await store.users() { try await store.base.updateUser(user.id, .revokeResetToken) }
  }
}
