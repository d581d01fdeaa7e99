internal import AuthCore
internal import AuthHTTP

/// The mails that there are, each with its texts and values. What a new kind of message needs is here and in
/// `MailKind+Texts.swift`, and the compiler asks for it.
enum MailKind: String, CaseIterable {
  case passwordReset = "password_reset"
  case emailVerification = "email_verification"
  case accountExists = "account_exists"
  case emailChange = "email_change"
  case emailChangeRequested = "email_change_requested"
  case emailChanged = "email_changed"
  case emailTakenBack = "email_taken_back"
  case recoveryEmail = "recovery_email"
  case recoveryEmailChanged = "recovery_email_changed"
  case recoveryEmailRemoved = "recovery_email_removed"
  case accountEmailChanged = "account_email_changed"
  case passwordChanged = "password_changed"
  /// After a reset: a text of its own, because templates have no conditions.
  case passwordChangedByReset = "password_changed_by_reset"
  case passwordChangedByTakeBack = "password_changed_by_take_back"
  case failedLogins = "failed_logins"
  case accountLocked = "account_locked"
  case newLogin = "new_login"
  case accountUnlocked = "account_unlocked"
  case accountDisabled = "account_disabled"
  case accountEnabled = "account_enabled"
  case accountDeleted = "account_deleted"
  case accountDeletedByOperator = "account_deleted_by_operator"

  init(_ content: AuthMessage.Content) {
    switch content {
    case .passwordReset: self = .passwordReset
    case .emailVerification: self = .emailVerification
    case .accountExists: self = .accountExists
    case .emailChange: self = .emailChange
    case .emailChangeRequested: self = .emailChangeRequested
    case .emailChanged: self = .emailChanged
    case .emailTakenBack: self = .emailTakenBack
    case .recoveryEmail: self = .recoveryEmail
    case .recoveryEmailChanged(_, .confirmed): self = .recoveryEmailChanged
    case .recoveryEmailChanged(_, .removed): self = .recoveryEmailRemoved
    case .accountEmailChanged: self = .accountEmailChanged
    case .passwordChanged(_, .change): self = .passwordChanged
    case .passwordChanged(_, .reset): self = .passwordChangedByReset
    case .passwordChanged(_, .takeBack): self = .passwordChangedByTakeBack
    case .failedLogins: self = .failedLogins
    case .accountLocked: self = .accountLocked
    case .newLogin: self = .newLogin
    case .accountUnlocked: self = .accountUnlocked
    case .accountDisabled: self = .accountDisabled
    case .accountEnabled: self = .accountEnabled
    case .accountDeleted(_, .owner): self = .accountDeleted
    case .accountDeleted(_, .operator): self = .accountDeletedByOperator
    }
  }

  /// A message of this kind, with which its templates are checked.
  var sample: AuthMessage.Content {
    let moment = Timestamp(secondsSince1970: 1_795_582_800)
    let (token, address) = (String(repeating: "x", count: 43), "2001:db8::8:800:200c:417a")
    return switch self {
    case .passwordReset: .passwordReset(ResetToken(token), expiresAt: moment)
    case .emailVerification:
      .emailVerification(VerificationToken(token), VerificationCode("7Q3K9MZA"), expiresAt: moment, codeExpiresAt: moment)
    case .accountExists: .accountExists(at: moment)
    case .emailChange:
      .emailChange(EmailChangeToken(token), VerificationCode("7Q3K9MZA"), expiresAt: moment, codeExpiresAt: moment)
    case .emailChangeRequested: .emailChangeRequested(at: moment, TakeBackToken(token), expiresAt: moment)
    case .emailChanged: .emailChanged(at: moment, TakeBackToken(token), expiresAt: moment)
    case .emailTakenBack: .emailTakenBack(at: moment)
    case .recoveryEmail:
      .recoveryEmail(RecoveryEmailToken(token), VerificationCode("7Q3K9MZA"), expiresAt: moment, codeExpiresAt: moment)
    case .recoveryEmailChanged: .recoveryEmailChanged(at: moment, cause: .confirmed)
    case .recoveryEmailRemoved: .recoveryEmailChanged(at: moment, cause: .removed)
    case .accountEmailChanged: .accountEmailChanged(at: moment)
    case .passwordChanged: .passwordChanged(at: moment, cause: .change)
    case .passwordChangedByReset: .passwordChanged(at: moment, cause: .reset)
    case .passwordChangedByTakeBack: .passwordChanged(at: moment, cause: .takeBack)
    case .failedLogins: .failedLogins(at: moment, ipAddress: address)
    case .accountLocked: .accountLocked(at: moment, ipAddress: address)
    case .newLogin: .newLogin(at: moment, ipAddress: address, userAgent: nil)
    case .accountUnlocked: .accountUnlocked(at: moment)
    case .accountDisabled: .accountDisabled(at: moment)
    case .accountEnabled: .accountEnabled(at: moment)
    case .accountDeleted: .accountDeleted(at: moment, cause: .owner)
    case .accountDeletedByOperator: .accountDeleted(at: moment, cause: .operator)
    }
  }

  /// The values of a message of this kind, besides those that every mail has.
  static func values(of message: AuthMessage, linkBase: LinkBase) -> [String: String] {
    switch message.content {
    case .passwordReset(let token, let expiresAt):
      ["link": message.link(linkBase, "reset_token", token), "expires_at": readable(expiresAt)]
    case .emailVerification(let token, let code, let expiresAt, let codeExpiresAt):
      [
        "link": message.link(linkBase, "verification_token", token), "expires_at": readable(expiresAt), "code": code.text,
        "code_expires_at": readable(codeExpiresAt),
      ]
    case .accountExists(let moment): ["requested_at": readable(moment)]
    case .emailChange(let token, let code, let expiresAt, let codeExpiresAt):
      [
        "link": message.link(linkBase, "email_change_token", token), "expires_at": readable(expiresAt), "code": code.text,
        "code_expires_at": readable(codeExpiresAt),
      ]
    case .emailChangeRequested(let moment, let token, let expiresAt):
      [
        "requested_at": readable(moment), "link": message.link(linkBase, "take_back_token", token),
        "expires_at": readable(expiresAt),
      ]
    case .emailChanged(let moment, let token, let expiresAt):
      [
        "changed_at": readable(moment), "link": message.link(linkBase, "take_back_token", token),
        "expires_at": readable(expiresAt),
      ]
    case .emailTakenBack(let moment): ["taken_back_at": readable(moment)]
    case .recoveryEmail(let token, let code, let expiresAt, let codeExpiresAt):
      [
        "link": message.link(linkBase, "recovery_email_token", token), "expires_at": readable(expiresAt), "code": code.text,
        "code_expires_at": readable(codeExpiresAt),
      ]
    case .recoveryEmailChanged(let moment, _): ["changed_at": readable(moment)]
    case .accountEmailChanged(let moment): ["changed_at": readable(moment)]
    case .passwordChanged(let moment, _): ["changed_at": readable(moment)]
    case .failedLogins(let moment, let address): ["failed_at": readable(moment), "ip_address": address ?? "unknown"]
    case .accountLocked(let moment, let address): ["locked_at": readable(moment), "ip_address": address ?? "unknown"]
    // Without the user agent, which is a text of the client's: mail programs make links of what looks like one.
    case .newLogin(let moment, let address, _): ["logged_in_at": readable(moment), "ip_address": address]
    case .accountUnlocked(let moment): ["unlocked_at": readable(moment)]
    case .accountDisabled(let moment): ["disabled_at": readable(moment)]
    case .accountEnabled(let moment): ["enabled_at": readable(moment)]
    case .accountDeleted(let moment, _): ["deleted_at": readable(moment)]
    }
  }

  /// Such as `2026-11-25 05:00 UTC`, in which no language has to be known.
  private static func readable(_ moment: Timestamp) -> String { moment.rfc3339.prefix(16).replacing("T", with: " ") + " UTC" }
}
