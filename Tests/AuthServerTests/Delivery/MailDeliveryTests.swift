import AuthCore
import AuthHTTP
import AuthTesting
import Foundation
import Testing

@testable import AuthServer

@Suite(.timeLimit(.minutes(10))) struct MailDeliveryTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private var output: String { directory.path + "/output" }

  private func delivery(
    _ script: String = "cat > $out", from sender: String = "Example <accounts@example.org>", service: String = "Example",
    isTimedOut: Bool = false
  ) throws -> MailDelivery {
    let path = directory.path + "/sendmail"
    try "#!/bin/sh\nout='\(output)'\n\(script)\n".write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    return MailDelivery(
      program: path, sender: try MailSender(setting: sender),
      templates: try MailTemplates(
        folder: nil, language: .english, service: service, linkBase: .page(SecureURL(setting: "https://example.org/reset"))),
      clock: ManualClock(Timestamp(secondsSince1970: 1_795_579_200)),
      limits: .test(isOverAfter: isTimedOut ? output : nil))
  }

  @Test func `a mail, byte by byte`() throws {
    #expect(
      try delivery().mail(about: .notice) == """
        Date: Wed, 25 Nov 2026 04:00:00 +0000
        From: "Example" <accounts@example.org>
        To: bob@me.com
        Subject: You have a new password for Example
        Message-ID: <816c5054-2d3c-49ba-9a2d-3ac105134705@example.org>
        Auto-Submitted: auto-generated
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary="=_part"

        --=_part
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        A new password was set for your account bob@me.com at Example
        at 2026-11-25 05:00 UTC, with a link that was sent to the email or the
        recovery email of the account.

        If it was you, there is nothing to do.

        If it was not you, someone else can read your mail. Change the
        password of your mailbox first. Then ask for a new password on the
        login page of Example, and tell the people who run it.

        --=_part
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        <!DOCTYPE html>
        <html lang=3D"en">
        <head><meta charset=3D"utf-8"><title>Example</title></head>
        <body>
        <p>A new password was set for your account bob@me.com at Example at 2026-11=
        -25 05:00 UTC, with a link that was sent to the email or the recovery email=
         of the account.</p>
        <p>If it was you, there is nothing to do.</p>
        <p>If it was not you, someone else can read your mail. Change the password =
        of your mailbox first. Then ask for a new password on the login page of Exa=
        mple, and tell the people who run it.</p>
        </body>
        </html>

        --=_part--

        """)
  }

  @Test func `the program is called as sendmail is, and reads the mail on standard input`() async throws {
    let delivery = try delivery("echo \"$@\" > $out; cat >> $out")
    try await delivery.deliver(.notice)
    #expect(
      try String(contentsOfFile: output, encoding: .utf8)
        == "-t -i -f accounts@example.org\n" + delivery.mail(about: .notice))
  }

  @Test func `a mail that comes twice has the same id, and one with another token another`() throws {
    func id(_ message: AuthMessage) throws -> Substring {
      try #require(delivery().mail(about: message).split(separator: "\n").first { $0.hasPrefix("Message-ID: ") })
    }
    #expect(try id(.notice) == id(.notice))
    #expect(try id(.sample) == id(.sample))
    let pattern = /Message-ID: <816c5054-2d3c-49ba-9a2d-3ac105134705\.[0-9a-f]{16}@example\.org>/
    #expect(try id(.sample).wholeMatch(of: pattern) != nil)
    let repeated = AuthMessage(
      id: AuthMessage.sample.id, email: AuthMessage.sample.email,
      content: .passwordReset(ResetToken("another token"), expiresAt: Timestamp(secondsSince1970: 1_795_582_800)))
    #expect(try id(repeated) != id(.sample))
  }

  /// What a mail would have if a value had added a header or a part.
  private func isSound(_ mail: String) -> Bool {
    let header = mail.prefix(upTo: mail.firstRange(of: "\n\n")!.lowerBound).split(separator: "\n")
    let names = header.filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } }
    return names == ["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
      && mail.utf8.allSatisfy { (0x20...0x7e).contains($0) || $0 == 0x0a } && mail.ranges(of: "\n--=_part").count == 3
      && mail.split(separator: "\n").allSatisfy { $0.utf8.count <= 998 }
  }

  @Test(arguments: [
    "a\r\nBcc: eve@example.org\r\n\r\nx", "\n\n--=_part--\n", "a\u{0}b", "\u{2028}\u{85}", "=?utf-8?Q?=0ABcc:_x?=", "\"\\\u{301}",
    String(repeating: "é", count: 100_000), "<script>alert(1)</script>", ".\n..\nFrom x",
  ])
  func `no value adds a header, a part or an element`(hostile: String) throws {
    let sender = try MailSender(setting: "\"=?utf-8?Q?=0ABcc:_x?=\" <a@example.org>")
    for kind in MailKind.allCases {
      let values = RenderedMail(subject: hostile, text: hostile, html: HTML.escaped(hostile))
      let mail = Mail(
        sender: sender, recipient: try MailAddress("bob@me.com"), id: hostile == "" ? kind.rawValue : "a\nBcc: x",
        date: Timestamp(secondsSince1970: 0), content: values)
      #expect(isSound(mail.text))
      let html = try #require(mail.text.components(separatedBy: "text/html").last)
      #expect(!html.contains("<script"))
    }
    #expect(isSound(try delivery(from: "\"a, <b>\" <a@example.org>").mail(about: .to(#""<b>&"@example.org"#))))
  }

  @Test(arguments: ["bob", "a@x.org, b@x.org", "é@x.org", "a\r\nBcc: b@x.org", "bob@me.com\u{0}"])
  func `an email that is no address is given up at once, without a program and without naming it`(email: String) async throws {
    let delivery = try delivery("touch $out")
    let error = await #expect(throws: UndeliverableMessage.self) { try await delivery.deliver(.to(email)) }
    let reason = try #require(error).reason
    #expect(reason.hasPrefix("no mail can be sent to this account: its email ") && !reason.contains(email))
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test(arguments: [65, 67, 68])
  func `a status about the mail or its recipient gives the message up`(status: Int) async throws {
    let delivery = try delivery("echo 'no such user' >&2; exit \(status)")
    let error = await #expect(throws: UndeliverableMessage.self) { try await delivery.deliver(.sample) }
    #expect(try #require(error).reason == "\(directory.path)/sendmail ended with status \(status): no such user")
  }

  @Test(arguments: [1, 2, 64, 66, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 127, 255])
  func `any other status is tried again`(status: Int) async throws {
    let delivery = try delivery("exit \(status)")
    let error = await #expect(throws: DeliveryFailure.self) { try await delivery.deliver(.sample) }
    #expect(try #require(error).description == "\(directory.path)/sendmail ended with status \(status)")
  }

  @Test func `a program that ends by a signal is tried again, and one that does not read has sent the mail`() async throws {
    let killed = try delivery("kill -9 $$")
    await #expect(throws: DeliveryFailure.self) { try await killed.deliver(.sample) }
    let quick = try delivery("exec <&-; exit 0")
    for _ in 1...20 { try await quick.deliver(.sample) }
  }

  @Test(arguments: ["&1", "&2"])
  func `a program that prints megabytes is waited for, and its status counts`(stream: String) async throws {
    for (script, status) in [("cat > $out", 0), ("exec <&-", 75)] {
      let delivery = try delivery("\(script); head -c 5000000 /dev/zero | tr '\\0' x >\(stream); exit \(status)")
      if status == 0 {
        try await delivery.deliver(.sample)
        #expect(try String(contentsOfFile: output, encoding: .utf8).contains("\nMessage-ID: "))
      } else {
        let error = await #expect(throws: DeliveryFailure.self) { try await delivery.deliver(.sample) }
        #expect(try #require(error).description == "\(directory.path)/sendmail ended with status 75")
      }
    }
  }

  @Test func `a program that hangs is ended`() async throws {
    let delivery = try delivery("trap '' TERM; touch $out; tail -f $0 > /dev/null", isTimedOut: true)
    let error = await #expect(throws: DeliveryFailure.self) { try await delivery.deliver(.sample) }
    #expect(try #require(error).description == "\(directory.path)/sendmail was ended after 30.0 seconds")
  }

  @Test(arguments: ["cat", "sed -n '/^To/p'", "sed -n '/token/p'", "tr a-z A-Z", "tail -n +17", "sed -n 's/^t0/& t0/p'"])
  func `a program that repeats the mail shows neither token nor email`(filter: String) async throws {
    let delivery = try delivery("\(filter) >&2; exit 67")
    let error = await #expect(throws: UndeliverableMessage.self) { try await delivery.deliver(.sample) }
    let reason = try #require(error).reason
    #expect(AuthMessage.sample.secrets(in: reason).isEmpty)
    #expect(!reason.contains("t0k3n"))
  }
}
