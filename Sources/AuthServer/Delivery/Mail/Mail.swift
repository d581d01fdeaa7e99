internal import AuthCore

/// One mail as a `sendmail` program takes it: RFC 5322 and MIME, with LF at the end of each line, in ASCII.
struct Mail {
  /// The limit in bytes. A mail waits in a pipe as a whole; see ``DeliveryProgram``.
  static let maximumBytes = 256 * 1024

  let sender: MailSender
  let recipient: MailAddress
  /// The part of `Message-ID` before the sender's host.
  let id: String
  let date: Timestamp
  let content: RenderedMail

  /// The text of the mail. No value can add a header or a part: each is encoded as its place demands.
  var text: String {
    let from = sender.name.map { "\(MailText.phrase($0)) <\(sender.address.text)>" } ?? sender.address.text
    // Quoted-printable never contains `=_` (RFC 2045, 6.7), so no part contains this.
    let boundary = "=_part"
    return """
      Date: \(MailText.date(date))
      From: \(from)
      To: \(recipient.text)
      Subject: \(MailText.unstructured(content.subject))
      Message-ID: <\(id.percentEncoded())@\(sender.address.host)>
      Auto-Submitted: auto-generated
      MIME-Version: 1.0
      Content-Type: multipart/alternative; boundary="\(boundary)"

      --\(boundary)
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      \(MailText.quotedPrintable(content.text))
      --\(boundary)
      Content-Type: text/html; charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      \(MailText.quotedPrintable(content.html))
      --\(boundary)--

      """
  }
}

/// What a mail says, before it is encoded.
struct RenderedMail: Equatable {
  let subject: String
  let text: String
  let html: String
}
