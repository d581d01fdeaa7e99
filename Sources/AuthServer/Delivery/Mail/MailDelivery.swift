internal import AuthCore
internal import Subprocess

/// Sends each message by mail, through a program that takes mail as `sendmail` does.
///
/// The program is called as `sendmail -t -i -f <address>`: it reads the recipient from the mail, does not take a dot for its end,
/// and knows the envelope's sender. That one is the operator's and begins with a letter or a digit, so it is never taken for an
/// option; nothing that a user wrote is an argument.
struct MailDelivery: MessageDelivery {
  let sender: MailSender
  let templates: MailTemplates
  let clock: any WallClock
  private let program: DeliveryProgram

  init(
    program: String, sender: MailSender, templates: MailTemplates, clock: any WallClock = SystemClock(),
    limits: DeliveryProgram.Limits = DeliveryProgram.Limits()
  ) {
    self.sender = sender
    self.templates = templates
    self.clock = clock
    self.program = DeliveryProgram(path: program, arguments: ["-t", "-i", "-f", sender.address.text], limits: limits)
  }

  func deliver(_ message: AuthMessage) async throws {
    let mail = try mail(about: message)
    let outcome = try await program.run(with: Array(mail.utf8), about: message)
    guard let description = outcome.failure else { return }
    guard outcome.isPermanent else { throw DeliveryFailure(description: description) }
    throw UndeliverableMessage(description)
  }

  /// The mail about a message, as it is given to the program.
  func mail(about message: AuthMessage) throws -> String {
    let recipient: MailAddress
    do throws(MailAddress.Problem) { recipient = try MailAddress(message.email.text) } catch {
      throw UndeliverableMessage("no mail can be sent to this account: its email \(error)")
    }
    let mail = Mail(
      sender: sender, recipient: recipient, id: Self.id(of: message), date: clock.now, content: templates.mail(about: message)
    ).text
    guard mail.utf8.count <= Mail.maximumBytes else {
      throw DeliveryFailure(description: "the mail has more than \(Mail.maximumBytes) bytes; shorten its templates")
    }
    return mail
  }

  /// The message's own id, so that a mailbox recognizes a mail that comes twice. One with a token also has a part of the token's
  /// digest: the next try has another token, which ends the one before. To a mailbox that drops repeats it must be another
  /// mail, as RFC 5322, 3.6.4 says of any that differs in its content.
  private static func id(of message: AuthMessage) -> String {
    let secrets = message.secrets
    guard !secrets.isEmpty else { return message.id }
    let digest = Libcrypto.hmacSHA256(key: Array(message.id.utf8), message: Array(secrets.joined(separator: " ").utf8))
    return message.id + "." + digest.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

extension DeliveryProgram.Outcome {
  /// Whether trying again cannot help, by the statuses of `sysexits.h`: only where they are about the mail or its recipient.
  ///
  /// - 65 `EX_DATAERR`, 67 `EX_NOUSER`, 68 `EX_NOHOST`: the address or the mail is refused, today and tomorrow.
  /// - 64 `EX_USAGE`, 77 `EX_NOPERM` and 78 `EX_CONFIG` are the operator's to repair: a program without `-f`, a user who may not
  ///   send, msmtp with the wrong password. A message that was given up would not be sent after the repair, so it is tried again.
  /// - 69 `EX_UNAVAILABLE` is also what msmtp has for a recipient that is refused for now.
  /// - 75 `EX_TEMPFAIL` and all others, and signals: tried again.
  var isPermanent: Bool {
    if case .exited(let status) = status { [65, 67, 68].contains(status) } else { false }
  }
}
