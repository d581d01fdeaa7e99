internal import AuthCore

/// The keys for the rules and numbers of `AuthPolicy`: one line for each. Those that are options, or follow from one, are not
/// among them.
enum PolicyKeys {
  static let all: [FieldKey<AuthPolicy>] =
    [
      FieldKey("email-rule", \.emailRule, .choice(["any-text": .anyText, "email-address": .emailAddress])),
      FieldKey("token-format", \.tokenFormat, .choice(["uuid": .uuid, "base64url": .base64URL])),
      FieldKey("email-verification.registration-lifetime", \.emailVerification.registrationLifetime, .duration),
      FieldKey("email-verification.code-lifetime", \.emailVerification.codeLifetime, .duration),
      FieldKey("email-verification.maximum-tries", \.emailVerification.maximumTries, .number(1...100)),
      FieldKey("email-change.lifetime", \.emailChange.lifetime, .duration),
      FieldKey("email-change.take-back-window", \.emailChange.takeBackWindow, .duration),
      // A password of the greatest length in bytes may have no more than 1,024 characters.
      FieldKey("passwords.minimum-length", \.passwords.minimumLength, .number(1...1024)),
      FieldKey("passwords.normalizes-to-nfc", \.passwords.normalizesToNFC, .flag),
      FieldKey("passwords.blocklist", \.passwords.hasBlocklist, .flag),
      FieldKey("passwords.notifies-of-change", \.passwords.notifiesOfChange, .flag),
      FieldKey("sessions.maximum-per-user", \.sessions.maximumPerUser, .number(1...1000)),
      FieldKey("sessions.lifetime", \.sessions.lifetime, .duration),
      FieldKey("sessions.unremembered-lifetime", \.sessions.unrememberedLifetime, .duration),
      FieldKey("sessions.remembers-by-default", \.sessions.remembersByDefault, .flag),
      FieldKey("sessions.idle-timeout", \.sessions.idleTimeout, ValueForm.duration.orNone),
      FieldKey("sessions.end-on-password-update", \.sessions.endOnPasswordUpdate, .flag),
      FieldKey("sessions.reauthentication-age", \.sessions.reauthenticationAge, ValueForm.duration.orNone),
      FieldKey("password-reset.token-lifetime", \.passwordReset.tokenLifetime, .duration),
      FieldKey("notices.of-account-changes", \.notices.ofAccountChanges, .flag),
      FieldKey("notices.failed-logins", \.notices.failedLogins, ValueForm.number(1...1_000_000).orNone),
      FieldKey("notices.failed-login-interval", \.notices.failedLoginInterval, .duration),
      FieldKey("notices.client-memory", \.notices.clientMemory, ValueForm.duration.orNone),
      FieldKey("throttling.memory", \.throttling.memory, .duration),
    ] + throttles.flatMap(\.keys)

  static let throttles = [
    ThrottleKeys("throttling.login-per-email", \.throttling.loginPerEmail),
    ThrottleKeys("throttling.login-per-network", \.throttling.loginPerNetwork),
    ThrottleKeys("throttling.reset-per-email", \.throttling.resetPerEmail),
    ThrottleKeys("throttling.reset-per-network", \.throttling.resetPerNetwork),
    ThrottleKeys("throttling.registration-per-network", \.throttling.registrationPerNetwork),
    ThrottleKeys("throttling.registration-per-email", \.throttling.registrationPerEmail),
    ThrottleKeys("throttling.email-change-per-user", \.throttling.emailChangePerUser),
    ThrottleKeys("throttling.recovery-per-network", \.throttling.recoveryPerNetwork),
  ]

  /// The names of the tables in which keys are.
  static let tables: Set<String> = Set(
    all.flatMap { key in
      let parts = key.name.split(separator: ".")
      return (1..<parts.count).map { parts.prefix($0).joined(separator: ".") }
    })

  static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}

/// The keys of a throttle.
struct ThrottleKeys: Sendable {
  let name: String
  let throttle: @Sendable (AuthPolicy) -> Throttle?
  let keys: [FieldKey<AuthPolicy>]

  private static let numbers: [FieldKey<Throttle>] = [
    FieldKey("threshold", \.threshold, .number(1...1_000_000)),
    FieldKey("first-delay", \.firstDelay, .duration),
    FieldKey("longest-delay", \.longestDelay, .duration),
    FieldKey("forgiveness", \.forgiveness, ValueForm.duration.orNone),
  ]

  /// The throttle of logins with one email, which alone can lock: a reset token unlocks nothing else.
  init(_ name: String, _ field: any WritableKeyPath<AuthPolicy, Throttle> & Sendable) {
    let lock = FieldKey<Throttle>("lock-threshold", \.lockThreshold, ValueForm.number(1...1_000_000).orNone)
    self.name = name
    throttle = { $0[keyPath: field] }
    keys = (Self.numbers + [lock]).map { $0.inside(name, field) }
  }

  /// A throttle that `none` turns off. One that the preset lacks starts from that of `strict`.
  init(_ name: String, _ field: any WritableKeyPath<AuthPolicy, Throttle?> & Sendable) {
    let isOff = FieldKey<AuthPolicy>(
      name: name,
      set: { (policy, text) throws(InvalidValue) in
        guard text == "none" else { throw InvalidValue(reason: "must be a table, or none, not '\(text)'") }
        policy[keyPath: field] = nil
      },
      text: { $0[keyPath: field] == nil ? "none" : nil })
    self.name = name
    throttle = { $0[keyPath: field] }
    keys = [isOff] + Self.numbers.map { $0.inside(name, field, from: AuthPolicy.strict[keyPath: field]!) }
  }
}

extension AuthPolicy.Passwords {
  /// Whether common passwords are refused.
  fileprivate var hasBlocklist: Bool {
    get { blocklist != nil }
    set { blocklist = newValue ? blocklist ?? PasswordBlocklist() : nil }
  }
}
