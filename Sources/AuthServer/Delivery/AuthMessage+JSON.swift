internal import AuthCore
internal import AuthHTTP

extension AuthMessage {
  /// The message as one line of JSON, without a line break, its members in alphabetical order. Every message has `type`, `id` and
  /// `email`, which is the recipient, and one to a recovery email has `account_email`, too; times are RFC 3339 in UTC and whole
  /// seconds, such as `2026-11-25T05:00:00Z`.
  ///
  /// - `password_reset`: `reset_token`, `expires_at`, and `link` if there is a base for it.
  /// - `email_verification`: `verification_token`, `expires_at`, `code`, `code_expires_at`, and `link` if there is a base for it.
  /// - `account_exists`: `requested_at`.
  /// - `email_change`: `email_change_token`, `expires_at`, `code`, `code_expires_at`, and `link` if there is a base for it.
  /// - `email_change_requested`: `requested_at`, `take_back_token`, `expires_at`, and `link` if there is a base for it.
  /// - `email_changed`: `changed_at`, `take_back_token`, `expires_at`, and `link` if there is a base for it.
  /// - `email_taken_back`: `taken_back_at`.
  /// - `recovery_email`: `recovery_email_token`, `expires_at`, `code`, `code_expires_at`, and `link` if there is a base for it.
  /// - `recovery_email_changed`: `changed_at`, and the `cause`, which is `confirmed` or `removed`.
  /// - `account_email_changed`: `changed_at`.
  /// - `password_changed`: `changed_at`, and the `cause`, which is `change`, `reset` or `email_taken_back`.
  /// - `failed_logins`: `failed_at`, and `ip_address` if it is known.
  /// - `account_locked`: `locked_at`, and `ip_address` if it is known.
  /// - `account_unlocked`: `unlocked_at`; `account_disabled`: `disabled_at`; `account_enabled`: `enabled_at`.
  /// - `account_deleted`: `deleted_at`, and the `cause`, which is `owner` or `operator`.
  /// - `new_login`: `logged_in_at`, `ip_address`, and `user_agent` if the client sent one.
  func json(linkBase: LinkBase?) -> [UInt8] {
    var members = ["type": kind.rawValue, "id": id, "email": email.text]
    members["account_email"] = accountEmail?.text
    switch content {
    case .passwordReset(let token, let expiresAt):
      members["reset_token"] = token.text
      members["expires_at"] = expiresAt.rfc3339
      members["link"] = linkBase.map { link($0, "reset_token", token) }
    case .emailVerification(let token, let code, let expiresAt, let codeExpiresAt):
      members["verification_token"] = token.text
      members["expires_at"] = expiresAt.rfc3339
      members["code"] = code.text
      members["code_expires_at"] = codeExpiresAt.rfc3339
      members["link"] = linkBase.map { link($0, "verification_token", token) }
    case .accountExists(let moment):
      members["requested_at"] = moment.rfc3339
    case .emailChange(let token, let code, let expiresAt, let codeExpiresAt):
      members["email_change_token"] = token.text
      members["expires_at"] = expiresAt.rfc3339
      members["code"] = code.text
      members["code_expires_at"] = codeExpiresAt.rfc3339
      members["link"] = linkBase.map { link($0, "email_change_token", token) }
    case .emailChangeRequested(let moment, let token, let expiresAt):
      members["requested_at"] = moment.rfc3339
      members["take_back_token"] = token.text
      members["expires_at"] = expiresAt.rfc3339
      members["link"] = linkBase.map { link($0, "take_back_token", token) }
    case .emailChanged(let moment, let token, let expiresAt):
      members["changed_at"] = moment.rfc3339
      members["take_back_token"] = token.text
      members["expires_at"] = expiresAt.rfc3339
      members["link"] = linkBase.map { link($0, "take_back_token", token) }
    case .emailTakenBack(let moment): members["taken_back_at"] = moment.rfc3339
    case .recoveryEmail(let token, let code, let expiresAt, let codeExpiresAt):
      members["recovery_email_token"] = token.text
      members["expires_at"] = expiresAt.rfc3339
      members["code"] = code.text
      members["code_expires_at"] = codeExpiresAt.rfc3339
      members["link"] = linkBase.map { link($0, "recovery_email_token", token) }
    case .recoveryEmailChanged(let moment, let cause):
      members["changed_at"] = moment.rfc3339
      members["cause"] = cause.rawValue
    case .accountEmailChanged(let moment): members["changed_at"] = moment.rfc3339
    case .passwordChanged(let moment, let cause):
      members["changed_at"] = moment.rfc3339
      members["cause"] = cause.rawValue
    case .failedLogins(let moment, let address):
      members["failed_at"] = moment.rfc3339
      members["ip_address"] = address
    case .accountLocked(let moment, let address):
      members["locked_at"] = moment.rfc3339
      members["ip_address"] = address
    case .accountUnlocked(let moment): members["unlocked_at"] = moment.rfc3339
    case .accountDisabled(let moment): members["disabled_at"] = moment.rfc3339
    case .accountEnabled(let moment): members["enabled_at"] = moment.rfc3339
    case .accountDeleted(let moment, let cause):
      members["deleted_at"] = moment.rfc3339
      members["cause"] = cause.rawValue
    case .newLogin(let moment, let address, let userAgent):
      members["logged_in_at"] = moment.rfc3339
      members["ip_address"] = address
      members["user_agent"] = userAgent
    }
    return members.json
  }

  /// The page in which the owner sets a new password, or verifies, changes or takes back the email, or confirms the recovery
  /// email. It sends the account's email with the token.
  func link(_ base: LinkBase, _ name: String, _ token: some SecretToken) -> String {
    base.link(to: accountEmail ?? email, name, token)
  }
}
