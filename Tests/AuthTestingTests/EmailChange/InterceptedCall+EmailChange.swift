import AuthCore
import AuthTesting

extension InterceptedCall {
  /// The calls of `EmailChangeStore`.
  static let emailChange: [Self] = [
    .writing(.addEmailChange) {
      try await $0.addEmailChange(
        EmailChange.Request(change, takeBack: takeBack, by: digest, queueing: message, notice: message), limit: 1)
    },
    .writing(.challengeEmailChange) {
      try await $0.challengeEmailChange(
        digest, with: EmailChange.Challenge(token: digest, code: digest, codeExpiresAt: now), now: now)
    },
    .writing(.tryEmailChange) { try await $0.tryEmailChange(.token(digest), limit: 1, now: now) },
    .writing(.confirmEmailChange) {
      try await $0.confirmEmailChange(EmailChange.Confirmation(of: change, at: now, takeBack: takeBack, notice: message))
    },
    .writing(.issueTakeBackToken) { try await $0.issueTakeBackToken(digest, for: digest, now: now) },
    .reading(.findTakeBack) { try await $0.findTakeBack(withToken: digest, now: now) },
    .writing(.takeBackEmail) {
      try await $0.takeBackEmail(
        EmailTakeBack.Use(
          digest, from: email, at: now, settingPassword: hash, keepingRecoveryEmailOlderThan: .seconds(60)))
    },
  ]

  private static let change = EmailChange(
    id: digest, userID: 1, from: email, to: email, createdAt: now, expiresAt: now + .seconds(60))
  private static let takeBack = EmailTakeBack(
    id: digest, userID: 1, email: email, createdAt: now, expiresAt: now + .seconds(60))
  private static let message = OutboxMessage(id: "x", kind: .emailChange, email: email, createdAt: now)
}
