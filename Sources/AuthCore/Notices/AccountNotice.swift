extension OutboxMessage.Kind {
  /// The notice that many wrong passwords in a row came with the account's email.
  public static let failedLogins = Self(rawValue: "failed_logins")
  /// The notice that wrong passwords have locked the account's email.
  public static let accountLocked = Self(rawValue: "account_locked")
  /// The notice that an operator has ended a delay or lock.
  public static let accountUnlocked = Self(rawValue: "account_unlocked")
  /// The notice that an operator has disabled the account.
  public static let accountDisabled = Self(rawValue: "account_disabled")
  /// The notice that an operator has enabled the account.
  public static let accountEnabled = Self(rawValue: "account_enabled")
  /// The notice that the account is gone.
  public static let accountDeleted = Self(rawValue: "account_deleted")
}

/// Who deleted an account.
@nonexhaustive
public enum AccountDeletionCause: String, Sendable {
  /// Its owner, with the password.
  case owner
  /// An operator.
  case `operator`
}

extension Auth {
  /// The message that tells the owner what became of the account; nil under a policy that sends none.
  func accountNotice(_ kind: OutboxMessage.Kind, to user: User, payload: String? = nil) -> OutboxMessage? {
    guard policy.notices.ofAccountChanges else { return nil }
    return newMessage(kind, to: user.email, of: user.id, payload: payload)
  }

  /// What tells the owner of wrong passwords; nil under a policy that does not.
  ///
  /// The messages have the IP address and not the user agent: anyone who knows an email can choose its text, and would have it
  /// mailed by us.
  func alert(to user: User, from client: Client) -> Throttle.Alert? {
    guard let threshold = policy.notices.failedLogins else { return nil }
    return Throttle.Alert(
      warning: newMessage(.failedLogins, to: user.email, of: user.id, payload: client.ipAddress?.description),
      lockNotice: .accountLocked, key: Throttle.Key(.alertEmail, email: user.email.text), threshold: threshold,
      interval: policy.notices.failedLoginInterval)
  }
}

extension AuthMessage.Content {
  /// What a stored notice says; nil if it is none of these.
  init?(notice stored: OutboxMessage) {
    let moment = stored.createdAt
    switch stored.kind {
    case .passwordChanged:
      self = .passwordChanged(at: moment, cause: stored.payload.flatMap(PasswordChangeCause.init(rawValue:)) ?? .change)
    case .recoveryEmailChanged:
      self = .recoveryEmailChanged(
        at: moment, cause: stored.payload.flatMap(RecoveryEmailChangeCause.init(rawValue:)) ?? .confirmed)
    case .failedLogins: self = .failedLogins(at: moment, ipAddress: stored.payload)
    case .accountLocked: self = .accountLocked(at: moment, ipAddress: stored.payload)
    case .emailTakenBack: self = .emailTakenBack(at: moment)
    case .accountUnlocked: self = .accountUnlocked(at: moment)
    case .accountDisabled: self = .accountDisabled(at: moment)
    case .accountEnabled: self = .accountEnabled(at: moment)
    case .accountDeleted:
      self = .accountDeleted(at: moment, cause: stored.payload.flatMap(AccountDeletionCause.init(rawValue:)) ?? .operator)
    case .newLogin:
      // The address, a line break, and the user agent, which has none.
      let parts = (stored.payload ?? "").split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let agent = parts.count > 1 && !parts[1].isEmpty ? parts[1] : nil
      self = .newLogin(at: moment, ipAddress: parts[0], userAgent: agent)
    default: return nil
    }
  }
}
