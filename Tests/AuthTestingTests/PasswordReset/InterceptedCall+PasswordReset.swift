import AuthCore
import AuthTesting

extension InterceptedCall {
  /// The calls of `ResetTokenStore`.
  static let resetTokens: [Self] = [
    .writing(.addResetToken) {
      try await $0.addResetToken(ResetToken.Record(id: digest, createdAt: now, expiresAt: now + .seconds(60)), for: email)
    },
    .reading(.findResetToken) { try await $0.findUser(withResetToken: digest, now: now) },
    .writing(.consumeResetToken) {
      try await $0.consumeResetToken(ResetToken.Use(digest, at: now, settingPassword: hash, endingSessions: true))
    },
  ]
}
