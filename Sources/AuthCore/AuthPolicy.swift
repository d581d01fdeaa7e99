/// Every rule and number that an ``Auth`` follows. There is no default: name ``classic`` or ``strict`` and adjust from there.
///
///     var policy = AuthPolicy.strict
///     policy.sessionsPerUser = 5
///
/// Both work on the same database: a change of policy applies to what is there.
public struct AuthPolicy: Sendable, Equatable {
  // MARK: Addresses and passwords

  /// Which texts may be registered as an address.
  public var emailRule: EmailRule

  /// The least number of Unicode scalars in a new password, counted after normalisation when that is on. The empty password is
  /// refused even at 0.
  public var minimumPasswordLength: Int

  /// Whether passwords are brought to Unicode's form NFC, so that `é` typed on different keyboards is one password. A password
  /// that was stored without is still accepted as it was, and stored anew in NFC.
  public var normalizesPasswords: Bool

  /// Which new passwords are refused although they are long enough, the address of the account among them; nil: none.
  public var passwordBlocklist: PasswordBlocklist?

  // MARK: Sessions and reset tokens

  /// The shape of new session ids and reset tokens.
  public var tokenFormat: TokenFormat

  /// How many sessions a user may have; when there would be more, the oldest ends. At least 1.
  public var sessionsPerUser: Int

  /// From login to the end of the session, however much it is used. Whole seconds.
  public var sessionLifetime: Duration

  /// From its last use to the end of a session, or nil for no such end. Use is recorded to the minute, so a session may end up to
  /// a minute early. Whole seconds.
  public var sessionIdleTimeout: Duration?

  /// From its issue to the end of a reset token. Whole seconds.
  public var resetTokenLifetime: Duration

  /// Whether a new password ends the user's sessions: all of them when it was set with a reset token, all but the one that changed it
  /// when it was changed.
  public var endsSessionsOnPasswordUpdate: Bool

  /// How long after a login its session may end others without a further look at the password, or nil for ever.
  public var reauthenticationAge: Duration?

  // MARK: Guessing

  /// What wrong passwords for one address lead to, whether there is such an account or not, and wherever they come from.
  public var logInThrottlePerAddress: Throttle

  /// What wrong passwords from one client network lead to, whatever the addresses, or nil for nothing. A success does not end the
  /// row: an attacker has an account, too.
  public var logInThrottlePerNetwork: Throttle?

  /// What requests of a reset token for one address lead to, each counted as a failure, or nil for nothing. They do not keep anybody
  /// from logging in.
  public var resetThrottlePerAddress: Throttle?

  /// What requests of reset tokens from one client network lead to, or nil for nothing.
  public var resetThrottlePerNetwork: Throttle?

  /// How long failures are remembered after the last of them, but for those that reached a ``Throttle/lockThreshold``, which are
  /// remembered for good. Whole seconds.
  public var failureMemory: Duration
}

extension AuthPolicy {
  /// The original specification to the letter: for trusted networks, tests and migration. Not for the internet.
  public static let classic = AuthPolicy(
    emailRule: .anyText,
    minimumPasswordLength: 1,
    normalizesPasswords: false,
    passwordBlocklist: nil,
    tokenFormat: .uuid,
    sessionsPerUser: 1,
    sessionLifetime: .days(30),
    sessionIdleTimeout: nil,
    resetTokenLifetime: .hours(1),
    endsSessionsOnPasswordUpdate: false,
    reauthenticationAge: nil,
    logInThrottlePerAddress: Throttle(threshold: 100, firstDelay: .minutes(15), longestDelay: .minutes(15)),
    logInThrottlePerNetwork: nil,
    resetThrottlePerAddress: nil,
    resetThrottlePerNetwork: nil,
    failureMemory: .days(30))

  /// For production, after OWASP ASVS 5.0 (V6, V7, level 2, without multi-factor) and NIST SP 800-63B-4.
  public static let strict = AuthPolicy(
    emailRule: .emailAddress,
    // NIST SP 800-63B-4, 3.1.1.2: a password that is the only factor has at least 15 characters, each a Unicode code point.
    minimumPasswordLength: 15,
    // The same section: normalise before hashing, so that the same characters are the same password.
    normalizesPasswords: true,
    // The same section: compare with a list of common, expected or compromised passwords. ASVS 5.0, 6.2.4: the top 3,000 at least.
    passwordBlocklist: PasswordBlocklist(),
    // ASVS 5.0, 7.2.3: reference tokens have at least 128 bits of entropy; a UUID has 122.
    tokenFormat: .base64URL,
    // A person's devices, with room to spare, and a bound on what one account can store.
    sessionsPerUser: 20,
    // ASVS 5.0, 7.3.1 and 7.3.2: there are an absolute and an idle end. NIST SP 800-63B-4, 2.1.3, for assurance level 1: at most 30
    // days.
    sessionLifetime: .days(30),
    sessionIdleTimeout: .days(7),
    resetTokenLifetime: .hours(1),
    // Whoever set the password may have done so because somebody else has a session.
    endsSessionsOnPasswordUpdate: true,
    // ASVS 5.0, 7.5.2: whoever ends sessions has authenticated again.
    reauthenticationAge: .minutes(15),
    // A person mistypes a few times; then the pauses grow to an hour. NIST SP 800-63B-4, 3.2.2: after 100 failures in a row the password
    // is of no use any more, until it is reset.
    logInThrottlePerAddress: Throttle(threshold: 5, firstDelay: .seconds(1), longestDelay: .hours(1), lockThreshold: 100),
    // Many people may share a network, so that its failures are forgiven with time.
    logInThrottlePerNetwork: Throttle(
      threshold: 5, firstDelay: .seconds(1), longestDelay: .minutes(15), forgiveness: .minutes(1)),
    // Enough for whoever looks for the message in vain, and too few to fill a mailbox.
    resetThrottlePerAddress: Throttle(threshold: 5, firstDelay: .minutes(5), longestDelay: .hours(1), forgiveness: .hours(1)),
    resetThrottlePerNetwork: Throttle(
      threshold: 50, firstDelay: .seconds(1), longestDelay: .minutes(15), forgiveness: .seconds(30)),
    failureMemory: .days(30))
}

extension AuthPolicy {
  /// The address, if it may be registered.
  func newEmail(_ text: String) throws(AuthError) -> Email {
    do throws(EmailProblem) {
      let email = try Email(text)
      guard emailRule.accepts(email) else { throw .notAnAddress }
      return email
    } catch {
      throw .invalidEmail(error)
    }
  }

  /// The password, if it may become that of the account with this address.
  func newPassword(_ text: String, for email: Email) throws(AuthError) -> Password {
    do throws(PasswordProblem) {
      let text = try normalized(text)
      let password = try Password(text)
      guard password.byteCount > 0 else { throw .empty }
      let length = text.unicodeScalars.count
      guard length >= minimumPasswordLength else { throw .tooShort(scalars: length, minimum: minimumPasswordLength) }
      if let problem = passwordBlocklist?.problem(in: text, of: email) { throw problem }
      return password
    } catch {
      throw .invalidPassword(error)
    }
  }

  /// What a text given at login may have been stored as, the present form first; empty for text that no account can have.
  func candidatePasswords(_ text: String) -> [Password] {
    guard let normalized = try? normalized(text) else { return [] }
    let forms = normalized.utf8.elementsEqual(text.utf8) ? [text] : [normalized, text]
    return forms.compactMap { try? Password($0) }
  }

  /// The text in the form in which it is hashed.
  private func normalized(_ text: String) throws(PasswordProblem) -> String {
    guard normalizesPasswords else { return text }
    // NFC makes no text shorter than a third (UAX #15, section 12); what cannot fit is not worth its work, which can be much.
    guard text.utf8.count <= 3 * Password.maximumBytes else { throw .tooLong(bytes: text.utf8.count) }
    return normalizedNFC(text)
  }

  func liveSessions(at now: Timestamp) -> Session.Cutoff {
    Session.Cutoff(expiringAfter: now, usedAfter: sessionIdleTimeout.map { now - $0 } ?? .distantPast)
  }

  /// Whether the use of a session is to be written down: at most once a minute, and often enough for a shorter idle end.
  func isTouchDue(lastUsedAt: Timestamp, at now: Timestamp) -> Bool {
    guard let sessionIdleTimeout else { return false }
    return lastUsedAt + min(.seconds(60), sessionIdleTimeout / 2) <= now
  }
}

extension Duration {
  fileprivate static func minutes(_ minutes: Int) -> Duration { .seconds(minutes * 60) }
  fileprivate static func hours(_ hours: Int) -> Duration { .seconds(hours * 3600) }
  fileprivate static func days(_ days: Int) -> Duration { .hours(days * 24) }
}
