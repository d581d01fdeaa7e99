internal import AuthCore

/// What a standard asks of a value of the policy, where `strict` claims to meet it: Docs/Security.md.
struct Requirement: Sendable {
  /// The standard and the number of the requirement.
  let source: String
  /// What it asks for.
  let text: String
  /// The key of the value.
  let key: String
  let isMet: @Sendable (AuthPolicy) -> Bool

  init(_ source: String, _ text: String, _ key: String, _ isMet: @escaping @Sendable (AuthPolicy) -> Bool) {
    (self.source, self.text, self.key, self.isMet) = (source, text, key, isMet)
  }
}

extension Requirement {
  static let all = [
    Requirement(
      "NIST SP 800-63B-4, 3.1.1.2", "at least 15 characters where the password is the only factor", "passwords.minimum-length",
    ) { $0.passwords.minimumLength >= 15 },
    Requirement("ASVS 5.0, 6.2.1", "at least 8 characters", "passwords.minimum-length") { $0.passwords.minimumLength >= 8 },
    Requirement("ASVS 5.0, 6.2.9", "passwords of 64 characters are allowed", "passwords.minimum-length") {
      $0.passwords.minimumLength <= 64
    },
    Requirement("NIST SP 800-63B-4, 3.1.1.2", "passwords are normalized before they are hashed", "passwords.normalizes-to-nfc") {
      $0.passwords.normalizesToNFC
    },
    Requirement("ASVS 5.0, 6.2.4", "common passwords are refused", "passwords.blocklist") { $0.passwords.blocklist != nil },
    Requirement("ASVS 5.0, 6.3.7", "users are told that their password was changed", "passwords.notifies-of-change") {
      $0.passwords.notifiesOfChange
    },
    Requirement(
      "ASVS 5.0, 6.3.7", "users are told that their account was unlocked, disabled, enabled or deleted",
      "notices.of-account-changes"
    ) { $0.notices.ofAccountChanges },
    Requirement("ASVS 5.0, 6.3.5", "users are told of many wrong passwords", "notices.failed-logins") {
      $0.notices.failedLogins != nil
    },
    Requirement("ASVS 5.0, 6.3.5", "users are told of a login from an unusual client", "notices.client-memory") {
      $0.notices.clientMemory != nil
    },
    Requirement("ASVS 5.0, 7.2.3", "tokens have at least 128 bits of entropy, and a UUID has 122", "token-format") {
      $0.tokenFormat != .uuid
    },
    Requirement("NIST SP 800-63B-4, 2.1.3", "a session ends after 30 days at the latest", "sessions.lifetime") {
      $0.sessions.lifetime <= .seconds(30 * 86_400)
    },
    Requirement(
      "NIST SP 800-63B-4, 5.1", "a session outlives the browser only if its user asks for it", "sessions.remembers-by-default"
    ) { !$0.sessions.remembersByDefault },
    Requirement("ASVS 5.0, 7.3.1", "a session that is not used ends", "sessions.idle-timeout") { $0.sessions.idleTimeout != nil },
    Requirement("ASVS 5.0, 7.4.3", "other sessions end with the password that opened them", "sessions.end-on-password-update") {
      $0.sessions.endOnPasswordUpdate
    },
    Requirement("ASVS 5.0, 7.5.2", "users authenticate again before they end other sessions", "sessions.reauthentication-age") {
      $0.sessions.reauthenticationAge != nil
    },
    Requirement("NIST SP 800-63B-4, 4.2.1.2", "a reset token ends after 24 hours at the latest", "password-reset.token-lifetime")
    {
      $0.passwordReset.tokenLifetime <= .seconds(86_400)
    },
    Requirement("NIST SP 800-63B-4, 4.2.1.2", "attempts with recovery codes are throttled", "throttling.recovery-per-network") {
      $0.throttling.recoveryPerNetwork != nil
    },
    Requirement(
      "NIST SP 800-63B-4, 3.2.2", "the password is locked after 100 failures in a row at the latest",
      "throttling.login-per-email.lock-threshold"
    ) { $0.throttling.loginPerEmail.lockThreshold ?? .max <= 100 },
    Requirement(
      "NIST SP 800-63B-4, 3.2.2", "only a success or a new password ends a series of failures",
      "throttling.login-per-email.forgiveness"
    ) { $0.throttling.loginPerEmail.forgiveness == nil },
    Requirement("ASVS 5.0, 6.3.1", "passwords cannot be tried on many accounts without limit", "throttling.login-per-network") {
      $0.throttling.loginPerNetwork != nil
    },
    Requirement("ASVS 5.0, 6.4.3", "reset requests for an email are limited", "throttling.reset-per-email") {
      $0.throttling.resetPerEmail != nil
    },
    Requirement("ASVS 5.0, 6.4.3", "reset requests of a client are limited", "throttling.reset-per-network") {
      $0.throttling.resetPerNetwork != nil
    },
  ]

  /// What a policy does not meet. `classic` follows another specification, and claims nothing.
  static func unmet(by policy: AuthPolicy) -> [Requirement] {
    policy.profile == .strict ? all.filter { !$0.isMet(policy) } : []
  }
}
