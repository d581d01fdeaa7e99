import AuthCore
import AuthTesting

extension InterceptedCall {
  /// The calls of `RecoveryEmailStore`.
  static let recoveryEmail: [Self] = [
    .writing(.addRecoveryEmailRequest) {
      try await $0.addRecoveryEmailRequest(request, by: digest, queueing: message, limit: 1)
    },
    .writing(.challengeRecoveryEmailRequest) {
      try await $0.challengeRecoveryEmailRequest(
        digest, with: RecoveryEmailRequest.Challenge(token: digest, code: digest, codeExpiresAt: now), now: now)
    },
    .writing(.tryRecoveryEmailRequest) { try await $0.tryRecoveryEmailRequest(.token(digest), limit: 1, now: now) },
    .writing(.confirmRecoveryEmail) { try await $0.confirmRecoveryEmail(request, now: now, notice: message) },
    .writing(.removeRecoveryEmail) { try await $0.removeRecoveryEmail(of: 1, by: digest, notice: message) },
    .reading(.findRecoveryEmail) { try await $0.findRecoveryEmail(of: 1) },
  ]

  private static let request = RecoveryEmailRequest(
    id: digest, userID: 1, email: email, createdAt: now, expiresAt: now + .seconds(60))
  private static let message = OutboxMessage(id: "x", kind: .recoveryEmail, email: email, createdAt: now)
}
