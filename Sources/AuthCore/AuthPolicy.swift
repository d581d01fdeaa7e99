/// The rules and numbers that an ``Auth`` follows. There is no default: start from ``classic`` or ``strict`` and adjust.
///
///     var policy = AuthPolicy.strict
///     policy.sessions.maximumPerUser = 5
///
/// Both presets work on the same database: a change of policy applies to existing accounts and sessions.
public struct AuthPolicy: Sendable, Equatable {
  /// The preset that a policy started from. Settings that concern only HTTP, such as the cookie, follow from it.
  public enum Profile: Sendable {
    /// The original specification, to the letter.
    case classic
    /// Production.
    case strict
  }

  /// The preset that this policy started from.
  public let profile: Profile

  /// Who may create an account.
  public var registration: Registration

  /// Whether the owner of an email must show that they read it.
  public var emailVerification: EmailVerification

  /// How users change their email.
  public var emailChange: EmailChange

  /// Which texts may be registered as an email.
  public var emailRule: EmailRule

  /// The format of new session ids and reset tokens.
  public var tokenFormat: TokenFormat

  /// The rules for new passwords.
  public var passwords: Passwords

  /// How many sessions there are, and when they end.
  public var sessions: Sessions

  /// How forgotten passwords are reset.
  public var passwordReset: PasswordReset

  /// How guessing is slowed down.
  public var throttling: Throttling

  /// What owners are told about their accounts, besides a new password: ``Passwords/notifiesOfChange``.
  public var notices: Notices
}

extension AuthPolicy {
  /// Who may create an account.
  @nonexhaustive
  public enum Registration: String, Sendable, CaseIterable {
    /// Every client.
    case open
    /// No client. ``Auth/importUser(email:hash:)``, which no client reaches, still does.
    case closed
  }

  /// Whether the owner of an email must show that they read it, and how.
  public struct EmailVerification: Sendable, Equatable {
    /// What an email must be verified for.
    @nonexhaustive
    public enum Requirement: String, Sendable, CaseIterable {
      /// Nothing: the first user to register an email has it, and a registration shows which emails are taken.
      case off
      /// An account: it exists once its email is verified, and a registration shows nothing. Accounts that were imported, created
      /// by an operator, or registered before this was required, stay as they are.
      case beforeLogin = "before-login"
      /// A recovery: an account opens at once, but no message to its email gets anyone back into it before the email is verified,
      /// and it ends after ``registrationLifetime`` if it is not. The owner gets the email even if others have registered it.
      /// But a registration shows which emails have accounts that are not of this kind.
      case beforeRecovery = "before-recovery"
    }

    /// What an email must be verified for.
    public var requirement: Requirement

    /// The time from a registration to its end, and to that of an account that it has opened, if its email is not verified. Whole
    /// seconds.
    public var registrationLifetime: Duration

    /// The time from the delivery of a code to its end. Whole seconds.
    public var codeLifetime: Duration

    /// How many codes, or passwords beside the link, may be tried for one registration.
    public var maximumTries: Int
  }

  /// How users change their email. Codes and their tries are those of ``EmailVerification``.
  public struct EmailChange: Sendable, Equatable {
    /// The time from a request to its end, if the new email, or the recovery email, does not confirm it. Whole seconds.
    public var lifetime: Duration

    /// How long a change can be undone from the former email, which no other account gets meanwhile. Undoing it deletes a
    /// recovery email that was not yet this old when the change was asked for. Whole seconds.
    public var takeBackWindow: Duration
  }

  /// The rules for new passwords.
  public struct Passwords: Sendable, Equatable {
    /// The minimum number of Unicode scalars, counted after normalization. An empty password is refused even at 0.
    public var minimumLength: Int

    /// Whether passwords are normalized to NFC, so that `é` typed on different keyboards is one password. A password that was
    /// stored without normalization is still accepted, and is stored in NFC at its next login.
    public var normalizesToNFC: Bool

    /// The new passwords that are refused although they are long enough, such as the account's email; nil refuses none.
    public var blocklist: PasswordBlocklist?

    /// Whether the owner is told of a new password, by a message that is queued in the transaction of the change or reset.
    public var notifiesOfChange: Bool
  }

  /// How many sessions there are, and when they end.
  public struct Sessions: Sendable, Equatable {
    /// The maximum for each user; one more ends the oldest. At least 1.
    public var maximumPerUser: Int

    /// The time from login to the end of the session, however much it is used, if the user asked to be remembered. Whole seconds.
    public var lifetime: Duration

    /// The time from login to the end of a session whose user did not ask to be remembered, if it is shorter than ``lifetime``.
    /// The cookie of such a session is forgotten when the browser is closed. Whole seconds.
    public var unrememberedLifetime: Duration

    /// Whether a login whose client does not say counts as one of a user who asked to be remembered.
    public var remembersByDefault: Bool

    /// How long a session lasts without being used; nil for no limit. Use is recorded to the minute, so a session may
    /// end up to a minute early. Whole seconds.
    public var idleTimeout: Duration?

    /// Whether a new password ends sessions: all of the user's after a reset, all but the current one after a change.
    public var endOnPasswordUpdate: Bool

    /// How long a login counts as recent; nil means for ever. Ending other sessions, changing the email, and setting or removing
    /// the recovery email require a recent login or the password.
    public var reauthenticationAge: Duration?
  }

  /// How forgotten passwords are reset.
  public struct PasswordReset: Sendable, Equatable {
    /// The time from its issue to the end of a reset token. Whole seconds.
    public var tokenLifetime: Duration

    /// Whether an HTTP response to a reset request contains the token: then anyone who knows an email can set its password.
    /// Otherwise the token reaches its owner through the outbox.
    public var returnsToken: Bool
  }

  /// What owners are told about their accounts, by messages that are queued in the transaction of their cause. No owner can turn
  /// them off: a thief of the account would.
  public struct Notices: Sendable, Equatable {
    /// Whether owners are told that an operator unlocked, disabled, enabled or deleted their account, or that it was deleted with
    /// their password.
    public var ofAccountChanges: Bool

    /// The number of wrong passwords in a row with which an owner is warned; nil never warns. If it is set, the owner is also
    /// told when the email is locked.
    public var failedLogins: Int?

    /// The shortest time between two such warnings to one owner. Whole seconds. It should not be longer than
    /// ``Throttling/memory``.
    public var failedLoginInterval: Duration

    /// How long the device and network of a login are remembered after the last one, so that owners are told of others; nil
    /// remembers and tells nothing. Whole seconds.
    public var clientMemory: Duration?
  }

  /// How guessing is slowed down. Each throttle counts its own attempts.
  public struct Throttling: Sendable, Equatable {
    /// For wrong passwords with one email, from anywhere, whether the account exists or not. Only this one may have a
    /// ``Throttle/lockThreshold``, because a password reset unlocks nothing else.
    public var loginPerEmail: Throttle

    /// For wrong passwords from one client network, with any email; nil for no limit. A success does not reset it: attackers have
    /// accounts, too. A user who has logged in from the network within ``memory``, or has a session, is not delayed by it, and
    /// their failures do not count.
    public var loginPerNetwork: Throttle?

    /// For reset requests with one email; nil for no limit. It does not keep anyone from logging in.
    public var resetPerEmail: Throttle?

    /// For reset requests from one client network; nil for no limit.
    public var resetPerNetwork: Throttle?

    /// For registrations from one client network, whether they succeed or not; nil for no limit.
    public var registrationPerNetwork: Throttle?

    /// For registrations of one email that is to be verified; nil for no limit.
    public var registrationPerEmail: Throttle?

    /// For changes of their email and recovery emails that one user asks for; nil for no limit. Their messages also count for
    /// ``registrationPerEmail``.
    public var emailChangePerUser: Throttle?

    /// For tokens and codes from one client network that are wrong, used or expired: those that reset a password, verify an email
    /// or a recovery email, or confirm or undo a change of email; nil for no limit. Right ones do not count. During a delay they
    /// are refused, too, and stay valid.
    public var recoveryPerNetwork: Throttle?

    /// How long a counter is kept after its last attempt; one that has reached ``Throttle/lockThreshold`` is kept for good. Whole
    /// seconds.
    public var memory: Duration

    var locksOnlyEmailsOfLogins: Bool {
      [
        loginPerNetwork, resetPerEmail, resetPerNetwork, registrationPerNetwork, registrationPerEmail, emailChangePerUser,
        recoveryPerNetwork,
      ].allSatisfy { $0?.lockThreshold == nil }
    }
  }
}

extension AuthPolicy {
  /// The original specification to the letter: for trusted networks, tests and migration. Not for the internet.
  public static let classic = AuthPolicy(
    profile: .classic,
    registration: .open,
    emailVerification: EmailVerification(
      requirement: .off, registrationLifetime: .days(1), codeLifetime: .minutes(10), maximumTries: 5),
    emailChange: EmailChange(lifetime: .days(1), takeBackWindow: .days(7)),
    emailRule: .anyText,
    tokenFormat: .uuid,
    passwords: Passwords(minimumLength: 1, normalizesToNFC: false, blocklist: nil, notifiesOfChange: false),
    sessions: Sessions(
      maximumPerUser: 1, lifetime: .days(30), unrememberedLifetime: .days(30), remembersByDefault: false, idleTimeout: nil,
      endOnPasswordUpdate: false, reauthenticationAge: nil),
    passwordReset: PasswordReset(tokenLifetime: .hours(1), returnsToken: true),
    throttling: Throttling(
      // Beyond the specification, which has no limit: a delay that people never meet, and guessing programs do.
      loginPerEmail: Throttle(threshold: 100, firstDelay: .minutes(15), longestDelay: .minutes(15)), memory: .days(30)),
    notices: Notices(ofAccountChanges: false, failedLogins: nil, failedLoginInterval: .days(1), clientMemory: nil))

  /// For production, after OWASP ASVS 5.0 (V6 and V7, level 2, without multi-factor authentication) and NIST SP 800-63B-4.
  public static let strict = AuthPolicy(
    profile: .strict,
    registration: .open,
    emailVerification: EmailVerification(
      // An application that delivers messages asks for more, as the server does.
      requirement: .off,
      registrationLifetime: .days(1),
      // ASVS 5.0, 6.5.5: codes that were sent end after ten minutes.
      codeLifetime: .minutes(10),
      // Of 2^40 codes.
      maximumTries: 5),
    emailChange: EmailChange(
      lifetime: .days(1),
      // People read their mail once a week, at a weekend or after a journey.
      takeBackWindow: .days(7)),
    emailRule: .emailAddress,
    // ASVS 5.0, 7.2.3: reference tokens have at least 128 bits of entropy; a UUID has 122.
    tokenFormat: .base64URL,
    passwords: Passwords(
      // NIST SP 800-63B-4, 3.1.1.2: a password that is the only factor has at least 15 characters, each a Unicode code point.
      minimumLength: 15,
      // The same section: normalize before hashing, so that the same characters are the same password.
      normalizesToNFC: true,
      // The same section: compare with a list of common, expected or compromised passwords. ASVS 5.0, 6.2.4: at least the top
      // 3,000.
      blocklist: PasswordBlocklist(),
      // ASVS 5.0, 6.3.7; NIST SP 800-63B-4, 4.6: owners hear of changes to their authenticators.
      notifiesOfChange: true),
    sessions: Sessions(
      // A person's devices with room to spare, and a bound on what one account can store.
      maximumPerUser: 20,
      // ASVS 5.0, 7.3.1 and 7.3.2: sessions have an absolute and an idle end. NIST SP 800-63B-4, 2.1.3: at most 30 days at
      // assurance level 1.
      lifetime: .days(30),
      // NIST SP 800-63B-4, 5.1: a session should not outlive the browser, so it lasts only if the user asks. Browsers that
      // restore their windows keep such cookies, which is why it ends after a day.
      unrememberedLifetime: .days(1),
      remembersByDefault: false,
      idleTimeout: .days(7),
      // The owner may have set the password because someone else holds a session.
      endOnPasswordUpdate: true,
      // ASVS 5.0, 7.5.2: users authenticate again before they end sessions.
      reauthenticationAge: .minutes(15)),
    passwordReset: PasswordReset(tokenLifetime: .hours(1), returnsToken: false),
    throttling: Throttling(
      // People mistype a few times; then the delays grow to an hour. NIST SP 800-63B-4, 3.2.2: after 100 failures in a row the
      // password is locked until it is reset.
      loginPerEmail: Throttle(threshold: 5, firstDelay: .seconds(1), longestDelay: .hours(1), lockThreshold: 100),
      // Many people may share a network, so its failures are forgiven with time. The numbers are those of a simulation, which
      // `Docs/Limits.md` describes: an office of 500 is not delayed, and one network tries 1,250 passwords a day.
      loginPerNetwork: Throttle(
        threshold: 100, firstDelay: .seconds(1), longestDelay: .minutes(15), forgiveness: .seconds(75)),
      // Enough for a user who looks for the message in vain, and too few to fill a mailbox.
      resetPerEmail: Throttle(threshold: 5, firstDelay: .minutes(5), longestDelay: .hours(1), forgiveness: .hours(1)),
      resetPerNetwork: Throttle(
        threshold: 50, firstDelay: .seconds(1), longestDelay: .minutes(15), forgiveness: .seconds(30)),
      // The first day of an office, with a bound on the accounts that one network can make and the hashes that it can ask for.
      registrationPerNetwork: Throttle(
        threshold: 100, firstDelay: .seconds(1), longestDelay: .minutes(15), forgiveness: .seconds(10)),
      // As for resets.
      registrationPerEmail: Throttle(
        threshold: 5, firstDelay: .minutes(5), longestDelay: .hours(1), forgiveness: .hours(1)),
      // Each change sends two messages.
      emailChangePerUser: Throttle(
        threshold: 5, firstDelay: .minutes(5), longestDelay: .hours(1), forgiveness: .hours(1)),
      // NIST SP 800-63B-4, 4.2.1.2: attempts with recovery codes are throttled. As for logins: people mistype codes as they do
      // passwords.
      recoveryPerNetwork: Throttle(
        threshold: 100, firstDelay: .seconds(1), longestDelay: .minutes(15), forgiveness: .seconds(75)),
      memory: .days(30)),
    // ASVS 5.0, 6.3.5 and 6.3.7; NIST SP 800-63B-4, 4.6: owners hear of suspicious logins and of changes to their accounts.
    notices: Notices(
      ofAccountChanges: true,
      // By then the delays have grown to half a minute: a person would have asked for a new password.
      failedLogins: 10,
      // A guesser must not fill a mailbox.
      failedLoginInterval: .days(1),
      // As long as a quarter, so that a device in weekly or monthly use is never new.
      clientMemory: .days(90)))
}

extension Duration {
  fileprivate static func minutes(_ minutes: Int) -> Duration { .seconds(minutes * 60) }
  fileprivate static func hours(_ hours: Int) -> Duration { .seconds(hours * 3600) }
  fileprivate static func days(_ days: Int) -> Duration { .hours(days * 24) }
}
