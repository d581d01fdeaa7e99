import AuthCore
import AuthTesting

extension InterceptedCall {
  /// The calls of `VerificationStore`.
  static let verification: [Self] = [
    .writing(.addRegistration) {
      try await $0.addRegistration(
        registration, queueing: OutboxMessage(id: "x", kind: .emailVerification, email: email, createdAt: now), limit: 1)
    },
    .writing(.challengeRegistration) {
      try await $0.challengeRegistration(
        digest, with: Registration.Challenge(token: digest, code: digest, codeExpiresAt: now), now: now)
    },
    .writing(.tryRegistration) { try await $0.tryRegistration(.token(digest), limit: 1, now: now) },
    .writing(.completeRegistration) { try await $0.completeRegistration(registration, ifPassword: hash, now: now) },
    .reading(.emailVerifiedAt) { try await $0.emailVerifiedAt(1) },
    .writing(.openUnverifiedAccount) {
      try await $0.openUnverifiedAccount(
        registration, queueing: OutboxMessage(id: "x", kind: .emailVerification, email: email, createdAt: now), limit: 1)
    },
    .reading(.unverifiedAccount) { try await $0.unverifiedAccount(1) },
    .writing(.vouchForEmail) { try await $0.vouchForEmail(of: 1) },
  ]

  private static let registration = Registration(
    id: digest, email: email, hashedPassword: hash, createdAt: now, expiresAt: now + .seconds(60))
}
