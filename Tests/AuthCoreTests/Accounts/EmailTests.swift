import AuthCore
import Testing

@Suite struct EmailTests {
  @Test(arguments: [("bob@me.com", "BOB@me.com"), ("a-Z@x", "A-z@X"), ("\u{e9}A", "\u{e9}a")])
  func `addresses that differ in the case of ASCII letters are one`(_ first: String, _ second: String) throws {
    #expect(try Email(first) == Email(second))
    #expect(try Set([Email(first), Email(second)]).count == 1)
  }

  /// The neighbours of the letters in ASCII, and what case folding or normalising would bring together.
  @Test(
    arguments: [
      ("bob@me.com", "bob@me.co"), ("@me", "`me"), ("[", "{"), ("Z", "["), ("\u{e9}", "e\u{301}"), ("\u{e9}", "\u{c9}"),
      ("i", "\u{131}"), ("I", "\u{130}"), ("ss", "\u{df}"), ("k", "\u{212a}"), ("a", " a"), ("a", "a "), ("a", "\u{ff41}"),
    ])
  func `other differences make two addresses`(_ first: String, _ second: String) throws {
    #expect(try Email(first) != Email(second))
    #expect(try Set([Email(first), Email(second)]).count == 2)
  }

  @Test(arguments: ["Bob@Me.com", "xxxx", " ", "e\u{301}", "\u{1f600}", "a@@b", "\u{a0}", "\u{202e}"])
  func `an address keeps its bytes`(_ text: String) throws {
    #expect(try Array(Email(text).text.utf8) == Array(text.utf8))
  }

  @Test(arguments: [String(repeating: "x", count: 250), String(repeating: "\u{e9}", count: 125)])
  func `an address may have 250 bytes`(_ text: String) throws {
    #expect(try Email(text).text == text)
  }

  @Test(arguments: [String(repeating: "x", count: 251), String(repeating: "\u{e9}", count: 125) + "x"])
  func `an address may not have 251 bytes`(_ text: String) {
    #expect(throws: EmailProblem.tooLong(bytes: 251)) { try Email(text) }
  }

  @Test func `an address may not be empty`() {
    #expect(throws: EmailProblem.empty) { try Email("") }
  }

  @Test(arguments: Array(0x00...0x1f) + Array(0x7f...0x9f) as [UInt32])
  func `an address may not have a control character`(_ scalar: UInt32) throws {
    let control = try String(#require(Unicode.Scalar(scalar)))
    for text in ["a\(control)b", control, "ab\(control)", "\(control)ab", "\r\n"] {
      #expect(throws: EmailProblem.controlCharacter) { try Email(text) }
    }
  }

  @Test(arguments: [0x20, 0x7e, 0xa0] as [UInt32])
  func `the neighbours of control characters are allowed`(_ scalar: UInt32) throws {
    #expect(try Email("a\(#require(Unicode.Scalar(scalar)))b").text.utf8.count >= 3)
  }
}

/// ``EmailRule/emailAddress``, by way of registration under strict.
@Suite struct AddressRuleTests {
  private static let label63 = String(repeating: "d", count: 63)

  @Test(
    arguments: [
      "bob@me.com", "B@m", "bob.long+tag@sub.example.org", "!#$%&'*+/=?^_`{|}~-.@x.y", "1@2", "a..b@c", ".a@b", "a.@b",
      "a@b-c.d", "a@xn--bcher-kva.example", "a@127.0.0.1", String(repeating: "l", count: 64) + "@d", "a@\(label63)",
      "a@\(label63).\(label63).\(label63)",
    ])
  func `what an HTML form takes for an address is accepted`(_ email: String) async throws {
    let user = try await AuthFixture(.strict).auth.register(email: email, password: AuthFixture.password)
    #expect(user.email.text == email)
  }

  @Test(
    arguments: [
      "xxxx", "bob", "@", "@me.com", "bob@", "bob@me@com", "a@@b", "a b@c.d", " a@b", "a@b ", "a@b c", "a@.b", "a@b.", "a@b..c",
      "a@-b", "a@b-", "a@b.-c", "a@b_c", "a@[127.0.0.1]", "\"a b\"@c", "a,b@c", "a(b)@c", "a:b@c", "a<b>@c", "a@b:25",
      "b\u{f6}b@me.com", "bob@m\u{f6}.com", "\u{130}@x", String(repeating: "l", count: 65) + "@d", "a@\(label63)d",
      "Bob <bob@me.com>", "bob@me.com, eve@me.com",
    ])
  func `what it does not take is refused`(_ email: String) async throws {
    await #expect(throws: AuthError.invalidEmail(.notAnAddress)) {
      try await AuthFixture(.strict).auth.register(email: email, password: AuthFixture.password)
    }
  }

  @Test(arguments: ["xxxx", "@", "a b", "b\u{f6}b", "12345"])
  func `under classic any text is an address`(_ email: String) async throws {
    #expect(try await AuthFixture(.classic).auth.register(email: email, password: "xxxx").email.text == email)
  }
}
