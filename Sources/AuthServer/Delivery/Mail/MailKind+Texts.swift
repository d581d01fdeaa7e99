internal import AuthCore
internal import AuthHTTP

extension MailKind {
  /// The texts for `en`, which need no editing. Each says what to do if the user did not ask for it.
  var defaults: RenderedMail {
    switch self {
    case .passwordReset:
      RenderedMail(
        "Set a new password for {{service}}", link: "Set a new password",
        "Someone asked for a new password for your account {{account}} at {{service}}.",
        "To choose one, open this link before {{expires_at}}:",
        "{{link}}",
        "The link works once. Do not pass it on: it gives access to your account.",
        "If it was not you, ignore this message. Your password stays as it is.")
    case .emailVerification:
      RenderedMail(
        "Confirm your email for {{service}}", link: "Confirm your email",
        "Someone asked for an account at {{service}} with this email address.",
        "To confirm it, follow this link before {{expires_at}}, and enter the password of the account:",
        "{{link}}",
        "Or enter this code where you signed up, before {{code_expires_at}}: {{code}}",
        "Do not pass the link or the code on to anyone.",
        "If it was not you, ignore this message. No account keeps this address unless you confirm it.")
    case .accountExists:
      RenderedMail(
        "You have an account at {{service}}",
        "At {{requested_at}} someone asked for an account at {{service}} with this email address, which has an account already.",
        "If it was you, log in. If you have forgotten the password, ask for a new one on the login page.",
        "If it was not you, ignore this message. Your account stays as it is.")
    case .emailChange:
      RenderedMail(
        "Confirm your new email for {{service}}", link: "Confirm your new email",
        "Someone who is logged in to an account at {{service}} asked for this email address in place of the present one.",
        "To change it, follow this link before {{expires_at}}, and enter the password of the account:",
        "{{link}}",
        "Or enter this code where you are logged in, before {{code_expires_at}}: {{code}}",
        "Do not pass the link or the code on to anyone.",
        "If it was not you, ignore this message. Nothing changes.")
    case .emailChangeRequested:
      RenderedMail(
        "A new email was requested for your account at {{service}}", link: "Stop the change",
        "Someone who is logged in to your account at {{service}} asked at {{requested_at}} for another email address in place of "
          + "this one. Nothing has changed yet.",
        "If it was you, there is nothing to do.",
        "If it was not you, someone else has access to your account. To stop the change, and to set a new password, follow this "
          + "link before {{expires_at}}:",
        "{{link}}",
        "All sessions end with it. Do not pass it on: it gives access to your account.")
    case .emailChanged:
      RenderedMail(
        "Your account at {{service}} has a new email", link: "Take your account back",
        "The email address of your account at {{service}} was changed at {{changed_at}}. Messages about the account no longer "
          + "come to this address.",
        "If it was you, there is nothing to do.",
        "If it was not you, someone else has access to your account. To have this address and your account back, and to set a "
          + "new password, follow this link before {{expires_at}}:",
        "{{link}}",
        "All sessions end with it. Do not pass it on: it gives access to your account.")
    case .emailTakenBack:
      RenderedMail(
        "Your account at {{service}} has its former email again",
        "At {{taken_back_at}} a reader of the former email address of your account at {{service}} undid the change to this "
          + "address, and set a new password. You no longer have access to the account.",
        "If it was you, there is nothing to do.",
        "If it was not you, someone else can read the mail of the former address. Tell the people who run {{service}}.")
    case .recoveryEmail:
      RenderedMail(
        "Confirm your recovery email for {{service}}", link: "Confirm your recovery email",
        "Someone who is logged in to an account at {{service}} asked for this email address as a second one, with which the "
          + "account can be recovered.",
        "To confirm it, follow this link before {{expires_at}}, and enter the password of the account:",
        "{{link}}",
        "Or enter this code where you are logged in, before {{code_expires_at}}: {{code}}",
        "Do not pass the link or the code on to anyone.",
        "If it was not you, ignore this message. Nothing changes.")
    case .recoveryEmailChanged:
      RenderedMail(
        "Your account at {{service}} has a new recovery email",
        "A recovery email was set for your account {{account}} at {{service}} at {{changed_at}}. Anyone who reads its mail can "
          + "set a new password.",
        "If it was you, there is nothing to do.",
        """
        If it was not you, someone else has access to your account. Ask for a new password on the login page of {{service}} now, \
        log in, and remove the recovery email. Tell the people who run {{service}}.
        """)
    case .recoveryEmailRemoved:
      RenderedMail(
        "Your account at {{service}} no longer has a recovery email",
        "The recovery email of your account {{account}} at {{service}} was removed at {{changed_at}}.",
        "If it was you, there is nothing to do.",
        """
        If it was not you, someone else has access to your account. Ask for a new password on the login page of {{service}} now, \
        and tell the people who run it.
        """)
    case .accountEmailChanged:
      RenderedMail(
        "Your account at {{service}} has a new email",
        "The email address of your account at {{service}} was changed at {{changed_at}}. It is {{account}} now. This address "
          + "is still the recovery email of the account.",
        "If it was you, there is nothing to do.",
        """
        If it was not you, someone else has access to your account. The message to the former address can undo the change. If \
        you cannot read it, ask for a new password for {{account}} on the login page of {{service}} now, to be sent to your \
        recovery email, and tell the people who run {{service}}.
        """)
    case .passwordChanged:
      RenderedMail(
        "Your password for {{service}} was changed",
        "The password of your account {{account}} at {{service}} was changed at {{changed_at}} by someone who was logged in.",
        "If it was you, there is nothing to do.",
        """
        If it was not you, someone else has access to your account. Ask for a new password on the login page of {{service}} now, \
        and tell the people who run it.
        """)
    case .passwordChangedByReset:
      RenderedMail(
        "You have a new password for {{service}}",
        "A new password was set for your account {{account}} at {{service}} at {{changed_at}}, with a link that was sent to the "
          + "email or the recovery email of the account.",
        "If it was you, there is nothing to do.",
        """
        If it was not you, someone else can read your mail. Change the password of your mailbox first. Then ask for a new \
        password on the login page of {{service}}, and tell the people who run it.
        """)
    case .passwordChangedByTakeBack:
      RenderedMail(
        "You have your account at {{service}} back",
        "The change of the email address of your account at {{service}} was stopped or undone at {{changed_at}}, with a link "
          + "that was sent to {{account}}, and a new password was set. All sessions have ended.",
        "If it was you, log in with the new password, and change it wherever else you used the former one.",
        """
        If it was not you, someone else can read your mail. Change the password of your mailbox first. Then ask for a new \
        password on the login page of {{service}}, and tell the people who run it.
        """)
    case .failedLogins:
      RenderedMail(
        "Someone is trying to log in to your account at {{service}}",
        "Several wrong passwords in a row were given for your account at {{service}}. None of them was right.",
        "The last one: {{failed_at}}, from {{ip_address}}",
        "If it was you, and you have forgotten the password, ask for a new one on the login page.",
        "If it was not you, there is nothing to do as long as you use your password at {{service}} alone. Otherwise change it.")
    case .accountLocked:
      RenderedMail(
        "Your account at {{service}} is locked",
        "Too many wrong passwords were given for your account {{account}} at {{service}}. No password works until you set a new "
          + "one: ask for it on the login page.",
        "The last one: {{locked_at}}, from {{ip_address}}",
        "If it was not you who gave them, someone tried to guess your password, and did not find it.")
    case .newLogin:
      RenderedMail(
        "A new login to your account at {{service}}",
        "Someone logged in to your account at {{service}} with the right password, from a device or network that you have not "
          + "used lately:",
        "{{logged_in_at}}, {{ip_address}}",
        "If it was you, there is nothing to do.",
        "If it was not you, someone else knows your password. Ask for a new one on the login page of {{service}} now. That "
          + "ends all sessions.")
    case .accountUnlocked:
      RenderedMail(
        "Your account at {{service}} is unlocked",
        "The people who run {{service}} unlocked your account {{account}} at {{unlocked_at}}. You can log in with your "
          + "password again.",
        "If you did not ask for this, tell them.")
    case .accountDisabled:
      RenderedMail(
        "Your account at {{service}} is disabled",
        "The people who run {{service}} disabled your account {{account}} at {{disabled_at}}. No one can log in to it.",
        "If you did not ask for this and do not know the reason, ask them.")
    case .accountEnabled:
      RenderedMail(
        "Your account at {{service}} is enabled",
        "The people who run {{service}} enabled your account {{account}} at {{enabled_at}}. You can log in again.",
        "If you did not ask for this and do not know the reason, ask them.")
    case .accountDeleted:
      RenderedMail(
        "Your account at {{service}} is deleted",
        "Your account {{account}} at {{service}} was deleted at {{deleted_at}} by someone who was logged in and knew its "
          + "password.",
        "If it was you, there is nothing to do.",
        "If it was not you, tell the people who run {{service}}, and change that password wherever else you use it.")
    case .accountDeletedByOperator:
      RenderedMail(
        "Your account at {{service}} is deleted",
        "The people who run {{service}} deleted your account {{account}} at {{deleted_at}}.",
        "If you did not ask for this and do not know the reason, ask them.")
    }
  }
}

extension RenderedMail {
  /// A mail whose text and HTML have the same paragraphs.
  ///
  /// - Parameter words: what the link reads in HTML; the paragraph `{{link}}` is the link.
  fileprivate init(_ subject: String, link words: String = "", _ paragraphs: String...) {
    self.subject = subject
    text = paragraphs.map(Self.wrapped).joined(separator: "\n\n") + "\n"
    let elements = paragraphs.map { $0 == "{{link}}" ? "<p><a href=\"{{link}}\">\(words)</a></p>" : "<p>\($0)</p>" }
    html = """
      <!DOCTYPE html>
      <html lang="en">
      <head><meta charset="utf-8"><title>{{service}}</title></head>
      <body>
      \(elements.joined(separator: "\n"))
      </body>
      </html>

      """
  }

  /// A paragraph in lines that mail programs show as they are.
  private static func wrapped(_ paragraph: String) -> String {
    var lines = [""]
    for word in paragraph.split(separator: " ") {
      if lines[lines.count - 1].isEmpty {
        lines[lines.count - 1] = String(word)
      } else if lines[lines.count - 1].count + 1 + word.count <= 68 {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n")
  }
}
