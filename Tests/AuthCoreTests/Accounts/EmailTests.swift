import AuthCore
import Testing

@Suite struct EmailTests {
  @Test(arguments: [("bob@me.com", "BOB@me.com"), ("a-Z@x", "A-z@X"), ("\u{e9}A", "\u{e9}a")])
  func `emails that differ in the case of ASCII letters are equal`(_ first: String, _ second: String) throws {
    #expect(try Email(first) == Email(second))
    #expect(try Set([Email(first), Email(second)]).count == 1)
  }

  /// The neighbours of the ASCII letters, and pairs that case folding or normalising would make equal.
  @Test(
    arguments: [
      ("bob@me.com", "bob@me.co"), ("@me", "`me"), ("[", "{"), ("Z", "["), ("\u{e9}", "e\u{301}"), ("\u{e9}", "\u{c9}"),
      ("i", "\u{131}"), ("I", "\u{130}"), ("ss", "\u{df}"), ("k", "\u{212a}"), ("a", " a"), ("a", "a "), ("a", "\u{ff41}"),
    ])
  func `emails with any other difference are not equal`(_ first: String, _ second: String) throws {
    #expect(try Email(first) != Email(second))
    #expect(try Set([Email(first), Email(second)]).count == 2)
  }

  @Test(arguments: ["Bob@Me.com", "xxxx", " ", "e\u{301}", "\u{1f600}", "a@@b", "\u{a0}", "\u{202e}"])
  func `an email keeps its bytes`(_ text: String) throws {
    #expect(try Array(Email(text).text.utf8) == Array(text.utf8))
  }

  @Test(arguments: [String(repeating: "x", count: 250), String(repeating: "\u{e9}", count: 125)])
  func `an email of 250 bytes is accepted`(_ text: String) throws {
    #expect(try Email(text).text == text)
  }

  @Test(arguments: [String(repeating: "x", count: 251), String(repeating: "\u{e9}", count: 125) + "x"])
  func `an email of 251 bytes is refused`(_ text: String) {
    #expect(throws: EmailProblem.tooLong(bytes: 251)) { try Email(text) }
  }

  @Test func `an empty email is refused`() {
    #expect(throws: EmailProblem.empty) { try Email("") }
  }

  @Test(arguments: Array(0x00...0x1f) + Array(0x7f...0x9f) as [UInt32])
  func `an email with a control character is refused`(_ scalar: UInt32) throws {
    let control = try String(#require(Unicode.Scalar(scalar)))
    for text in ["a\(control)b", control, "ab\(control)", "\(control)ab", "\r\n"] {
      #expect(throws: EmailProblem.controlCharacter) { try Email(text) }
    }
  }

  @Test(arguments: [0x20, 0x7e, 0xa0] as [UInt32])
  func `the neighbours of the control characters are accepted`(_ scalar: UInt32) throws {
    #expect(try Email("a\(#require(Unicode.Scalar(scalar)))b").text.utf8.count >= 3)
  }
}

/// ``EmailRule/emailAddress``, tested by registering under strict.
@Suite struct EmailRuleTests {
  private static let label63 = String(repeating: "d", count: 63)

  private static func refusal(of email: String) async -> EmailProblem? {
    do {
      _ = try await AuthFixture(.strict).auth.register(email: email, password: AuthFixture.password)
    } catch {
      if case .invalidEmail(let problem) = error { return problem }
    }
    return nil
  }

  @Test(
    arguments: [
      "bob@me.com", "B@m", "bob.long+tag@sub.example.org", "!#$%&'*+/=?^_`{|}~-.@x.y", "1@2", "a..b@c", ".a@b", "a.@b",
      "a@b-c.d", "a@xn--bcher-kva.example", "a@127.0.0.1", String(repeating: "l", count: 64) + "@d", "a@\(label63)",
      "a@\(label63).\(label63).\(label63)",
    ])
  func `an email that an HTML form accepts is accepted`(_ email: String) async throws {
    let user = try await AuthFixture(.strict).auth.register(email: email, password: AuthFixture.password)
    #expect(user.email.text == email)
  }

  @Test(
    arguments: [
      ("xxxx", .atSigns(count: 0)), ("bob", .atSigns(count: 0)), ("bob@me@com", .atSigns(count: 2)),
      ("a@@b", .atSigns(count: 2)), ("bob@me.com, eve@me.com", .atSigns(count: 2)),
      ("a b@c.d", .space), (" a@b", .space), ("a@b ", .space), ("a@b c", .space), ("\"a b\"@c", .space),
      ("Bob <bob@me.com>", .space),
      ("@", .emptyLocalPart), ("@me.com", .emptyLocalPart), ("bob@", .emptyDomain),
      ("müller@example.org", .nonASCIILocalPart), ("b\u{f6}b@me.com", .nonASCIILocalPart), ("\u{130}@x", .nonASCIILocalPart),
      ("müller@münchen.de", .nonASCIILocalPart),
      ("bob@münchen.de", .nonASCIIDomain), ("bob@m\u{f6}.com", .nonASCIIDomain), ("bob@\u{ff4d}e.com", .nonASCIIDomain),
      ("a,b@c", .invalidLocalPart), ("a(b)@c", .invalidLocalPart), ("a:b@c", .invalidLocalPart), ("a<b>@c", .invalidLocalPart),
      (String(repeating: "l", count: 65) + "@d", .localPartTooLong(bytes: 65)),
      ("a@.b", .invalidDomain), ("a@b.", .invalidDomain), ("a@b..c", .invalidDomain), ("a@-b", .invalidDomain),
      ("a@b-", .invalidDomain), ("a@b.-c", .invalidDomain), ("a@b_c", .invalidDomain), ("a@[127.0.0.1]", .invalidDomain),
      ("a@b:25", .invalidDomain), ("a@\(label63)d", .invalidDomain),
    ] as [(String, EmailProblem)])
  func `an email that an HTML form refuses is refused for its own reason`(_ email: String, _ problem: EmailProblem) async {
    #expect(await Self.refusal(of: email) == problem)
  }

  @Test(arguments: [
    (
      "bob@münchen.de",
      "the domain of the email must be ASCII; write it in its xn-- form, such as xn--mnchen-3ya.de for münchen.de"
    ),
    ("müller@example.org", "the part of the email before the @ must be ASCII; letters such as ü are not accepted"),
    ("bob", "the email has no @; it must have the form name@example.org"),
    ("a@@b", "the email has 2 @ signs; it must have the form name@example.org"),
    ("bob@", "the email has nothing after the @; it must have the form name@example.org"),
    ("a b@c.d", "the email must not contain spaces"),
    (String(repeating: "l", count: 65) + "@d", "the part of the email before the @ has 65 bytes; the limit is 64"),
  ])
  func `a refusal says what to change`(_ email: String, _ message: String) async {
    #expect(await Self.refusal(of: email)?.description == message)
  }

  @Test func `the domain that the message suggests is accepted`() async {
    #expect(await Self.refusal(of: "bob@xn--mnchen-3ya.de") == nil)
  }

  @Test(arguments: ["xxxx", "@", "a b", "b\u{f6}b", "12345"])
  func `classic accepts any text as an email`(_ email: String) async throws {
    #expect(try await AuthFixture(.classic).auth.register(email: email, password: "xxxx").email.text == email)
  }
}
