extension OutboxMessage.Kind {
  /// The notice that the account has a new recovery email, or no longer has one.
  public static let recoveryEmailChanged = Self(rawValue: "recovery_email_changed")
  /// The copy of another notice, to the recovery email. Its payload says of which.
  public static let recoveryNotice = Self(rawValue: "recovery_notice")
  /// The notice to the recovery email that the account has a new email.
  public static let accountEmailChanged = Self(rawValue: "account_email_changed")

  /// The kinds of notices that go to the recovery email, too: what became of the account. Guesses at its password and logins from
  /// new devices are told to the account's email alone.
  public static let copied: [Self] = [
    .passwordChanged, .emailChanged, .recoveryEmailChanged, .accountLocked, .accountUnlocked, .accountDisabled, .accountEnabled,
    .accountDeleted,
  ]
}

/// What became of a recovery email.
@nonexhaustive
public enum RecoveryEmailChangeCause: String, Sendable {
  /// The account has it now, in place of another or as its first.
  case confirmed
  /// The account has none any more.
  case removed
}

extension OutboxMessage {
  /// The copy of a notice that goes to the recovery email of its user; nil if the notice is of a kind that is not copied, or both
  /// emails are the same. Its payload is the kind, the email of the account and the payload of the notice, a line each.
  ///
  /// - Parameters:
  ///   - recovery: the recovery email.
  ///   - account: the email that the account has at this moment, which need not be the one that the notice goes to.
  ///   - id: a random UUID.
  public func copy(to recovery: Email, of account: Email, id: @autoclosure () -> ID) -> OutboxMessage? {
    guard Kind.copied.contains(kind), recovery != account, recovery != email else { return nil }
    return OutboxMessage(
      id: id(), kind: .recoveryNotice, userID: userID, email: recovery,
      payload: "\(kind.rawValue)\n\(account.text)\n\(payload ?? "")", createdAt: createdAt)
  }
}

extension AuthMessage {
  /// What a copy of a notice says. It has no token: an email that can be taken back is taken back by its own readers.
  ///
  /// - Throws: ``AuthError/unavailable(_:)`` for a kind that only a newer release knows.
  init(copy stored: OutboxMessage) throws(AuthError) {
    let lines = (stored.payload ?? "").split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard lines.count == 3 else { throw .unknownMessageKind }
    let notice = OutboxMessage(
      id: stored.id, kind: OutboxMessage.Kind(rawValue: lines[0]), userID: stored.userID, email: stored.email,
      payload: lines[2].isEmpty ? nil : lines[2], createdAt: stored.createdAt)
    let content = notice.kind == .emailChanged ? .accountEmailChanged(at: stored.createdAt) : Content(notice: notice)
    guard let content else { throw .unknownMessageKind }
    self.init(id: stored.id, email: stored.email, accountEmail: Email(stored: lines[1]), content: content)
  }
}

extension AuthError {
  static let unknownMessageKind = AuthError.unavailable(
    "a message has a kind that this release does not know; a newer release must deliver it")
}
