import AuthCore
import Synchronization

/// Keeps the messages that are delivered to it.
final class Mailbox: MessageDelivery {
  private let messages = Mutex<[AuthMessage]>([])

  func deliver(_ message: AuthMessage) async throws { messages.withLock { $0.append(message) } }

  var all: [AuthMessage] { messages.withLock(\.self) }

  /// Delivers all messages that are due.
  func deliverAll(from auth: Auth) async throws {
    while true {
      if case .nothingDue = try await auth.deliverNextMessage(through: self) { return }
    }
  }
}

extension AuthMessage {
  /// What completes a registration.
  var verification: (token: String, code: String)? {
    if case .emailVerification(let token, let code, _, _) = content { (token.text, code.text) } else { nil }
  }

  /// What confirms a change of email.
  var emailChange: (token: String, code: String)? {
    if case .emailChange(let token, let code, _, _) = content { (token.text, code.text) } else { nil }
  }

  /// What confirms a recovery email.
  var recoveryEmail: (token: String, code: String)? {
    if case .recoveryEmail(let token, let code, _, _) = content { (token.text, code.text) } else { nil }
  }

  var takeBackToken: String? {
    switch content {
    case .emailChangeRequested(_, let token, _), .emailChanged(_, let token, _): token.text
    default: nil
    }
  }

  var resetToken: String? {
    if case .passwordReset(let token, _) = content { token.text } else { nil }
  }

  /// The fields of the link to a page; nil for a message without one.
  var link: [String: String]? {
    let field: (name: String, token: String)? =
      switch content {
      case .passwordReset(let token, _): ("reset_token", token.text)
      case .recoveryEmail(let token, _, _, _): ("recovery_email_token", token.text)
      case .emailChange(let token, _, _, _): ("email_change_token", token.text)
      case .emailChangeRequested(_, let token, _), .emailChanged(_, let token, _): ("take_back_token", token.text)
      case .emailVerification(let token, _, _, _): ("verification_token", token.text)
      default: nil
      }
    return field.map { ["email": (accountEmail ?? email).text, $0.name: $0.token] }
  }
}
