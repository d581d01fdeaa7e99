import AuthCore
import Foundation

/// Writes messages into a folder, where a program that sends mail would find them.
struct MailFolder: MessageDelivery {
  let path: String

  func deliver(_ message: AuthMessage) async throws {
    let text: String
    switch message.content {
    case .passwordReset(let token, _): text = "Your token for http://localhost:8080/reset is \(token.text)"
    case .emailVerification(let token, let code, _, _):
      text = "Your link is http://localhost:8080/verify#\(token.text), your code \(code.text)"
    case .accountExists: text = "You have an account: http://localhost:8080/login"
    case .emailChange(let token, let code, _, _):
      text = "Your link is http://localhost:8080/confirm#\(token.text), your code \(code.text)"
    case .emailChangeRequested(_, let token, _), .emailChanged(_, let token, _):
      text = "Another email for your account. If that was not you: http://localhost:8080/take-back#\(token.text)"
    case .emailTakenBack: text = "A reader of the former email of your account took it back."
    case .recoveryEmail(let token, let code, _, _):
      text = "Your link is http://localhost:8080/confirm-recovery#\(token.text), your code \(code.text)"
    case .recoveryEmailChanged: text = "The recovery email of your account changed."
    case .accountEmailChanged: text = "The email of your account changed."
    case .passwordChanged: text = "Your password was changed. If that was not you: http://localhost:8080/forgot"
    case .newLogin(_, let address, _):
      text = "Someone logged in from \(address). If that was not you: http://localhost:8080/forgot"
    case .failedLogins, .accountLocked: text = "Someone has tried many wrong passwords for your account."
    case .accountUnlocked: text = "Your account was unlocked."
    case .accountDisabled: text = "Your account was disabled."
    case .accountEnabled: text = "Your account was enabled."
    case .accountDeleted: text = "Your account was deleted."
    @unknown default: throw CocoaError(.featureUnsupported)
    }
    // The name is the same at every try, so that no message is sent twice.
    try "To: \(message.email.text)\n\(text)\n".write(toFile: "\(path)/\(message.id).txt", atomically: true, encoding: .utf8)
  }
}
