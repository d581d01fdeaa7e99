import AuthCore
import Foundation

@testable import AuthServer

extension AuthMessage {
  static let sample = AuthMessage.to("bob@me.com")

  /// A notice of a new password.
  static let notice = AuthMessage(
    id: "816c5054-2d3c-49ba-9a2d-3ac105134705", email: Email(stored: "bob@me.com"),
    content: .passwordChanged(at: Timestamp(secondsSince1970: 1_795_582_800), cause: .reset))

  /// A password reset.
  static func to(_ email: String) -> AuthMessage {
    AuthMessage(
      id: "816c5054-2d3c-49ba-9a2d-3ac105134705", email: Email(stored: email),
      content: .passwordReset(ResetToken("t0k3n-8d5e2c61"), expiresAt: Timestamp(secondsSince1970: 1_795_582_800)))
  }

  /// Everything in a text about this message that must not be in a log.
  func secrets(in text: some StringProtocol) -> [String] {
    ["t0k3n-8d5e2c61", email.text, email.text.percentEncoded()].filter { text.lowercased().contains($0.lowercased()) }
  }
}

extension MailKind {
  /// The kind of the messages that have its text.
  var messageKind: OutboxMessage.Kind { AuthMessage(id: "", email: Email(stored: ""), content: sample).kind }

  /// Whether such a message can go to a recovery email: a copy of a notice, or a reset token. Of another email of the account the
  /// recovery email is told in words of its own.
  var reachesRecoveryEmail: Bool {
    let kinds = OutboxMessage.Kind.copied.filter { $0 != .emailChanged } + [.accountEmailChanged, .passwordReset]
    return kinds.contains(messageKind)
  }
}

extension DeliveryProgram.Limits {
  /// The time limit is over as soon as there is the file, and without one never.
  static func test(
    environment: [String: String] = ProcessInfo.processInfo.environment, isOverAfter file: String? = nil
  ) -> Self {
    Self(gracePeriod: .milliseconds(50), environment: environment) { _ in
      // Until it is cancelled.
      guard let file else { return try await Task.sleep(for: .seconds(86_400)) }
      while !FileManager.default.fileExists(atPath: file) {
        try Task.checkCancellation()
        await Task.yield()
      }
    }
  }
}

/// What `Docs/Operations.md` shows: the one block of a language that has `text`.
func documented(_ language: String, with text: String) throws -> String {
  struct Missing: Error {}
  let path = URL(filePath: #filePath).appending(path: "../../../../Docs/Operations.md").standardizedFileURL
  let document = try String(contentsOf: path, encoding: .utf8)
  let blocks = document.components(separatedBy: "```\(language)\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
  guard let block = blocks.first(where: { $0.contains(text) }) else { throw Missing() }
  return block
}
