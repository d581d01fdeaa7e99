import AuthCore
import Testing

/// OWASP ASVS 5.0: 6.2.1, 6.2.5, 6.2.8; NIST SP 800-63B-4: 3.1.1.2.
@Suite struct StrictPasswordTests {
  private static let decomposed = "cafe\u{301} au lait et croissant"
  private static let composed = "caf\u{e9} au lait et croissant"

  @Test(arguments: [
    "fifteen letters", "🍎🍏🍐🍑🍒🍓🔥🚀🐝🐢🦄🌚🎻⛵☃",
    "e\u{301}u\u{300}o\u{308}a\u{302}i\u{301}n\u{303}c\u{327}z\u{30c}s\u{30c}u\u{302}o\u{303}y\u{301}a\u{30a}e\u{300}r\u{30c}",
    "8204 7716 3 905", AuthFixture.password + String(repeating: "x", count: 4096 - AuthFixture.password.utf8.count),
  ])
  func `a password of 15 scalars is enough, whatever they are`(_ password: String) async throws {
    let auth = AuthFixture(.strict).auth
    _ = try await auth.register(email: "bob@me.com", password: password)
    #expect(try await auth.validLogin(email: "bob@me.com", password: password))
  }

  @Test(arguments: [
    String(repeating: "x", count: 14), String(repeating: "\u{1f600}", count: 14), String(repeating: "e\u{301}", count: 14),
  ])
  func `14 scalars after normalisation are too few`(_ password: String) async throws {
    await #expect(throws: AuthError.invalidPassword(.tooShort(scalars: 14, minimum: 15))) {
      try await AuthFixture(.strict).auth.register(email: "bob@me.com", password: password)
    }
  }

  @Test func `the limit in bytes is that of the normalised password`() async throws {
    // 6,144 bytes as given, 4,096 in NFC.
    let password = "u\u{301}" + String(repeating: "e\u{301}", count: 2047)
    let auth = AuthFixture(.strict).auth
    _ = try await auth.register(email: "bob@me.com", password: password)
    #expect(try await auth.validLogin(email: "bob@me.com", password: password))
  }

  @Test(arguments: ["bob.the.builder@example.org", "BOB.the.Builder@Example.ORG"])
  func `the email is not a password, in whatever letter case`(_ password: String) async throws {
    let email = "Bob.The.Builder@example.org"
    await #expect(throws: AuthError.invalidPassword(.sameAsEmail)) {
      try await AuthFixture(.strict).auth.register(email: email, password: password)
    }
    _ = try await AuthFixture(.strict).auth.register(email: email, password: password + " is no secret")
    _ = try await AuthFixture(.classic).auth.register(email: email, password: password)
  }

  @Test(arguments: [composed, decomposed])
  func `a password is one however its accents are written`(_ registered: String) async throws {
    let auth = AuthFixture(.strict).auth
    _ = try await auth.register(email: "bob@me.com", password: registered)
    for given in [Self.composed, Self.decomposed] {
      #expect(try await auth.validLogin(email: "bob@me.com", password: given))
    }
    #expect(try await !auth.validLogin(email: "bob@me.com", password: "cafe au lait et croissant"))
  }

  @Test func `under classic accents count as they are written`() async throws {
    let auth = AuthFixture(.classic).auth
    _ = try await auth.register(email: "bob@me.com", password: Self.decomposed)
    #expect(try await auth.validLogin(email: "bob@me.com", password: Self.decomposed))
    #expect(try await !auth.validLogin(email: "bob@me.com", password: Self.composed))
  }

  @Test func `a password stored as it was written is accepted under strict, and stored again in NFC`() async throws {
    let fixture = AuthFixture(.classic)
    _ = try await fixture.auth.register(email: "bob@me.com", password: Self.decomposed)
    let strict = fixture.sharing(policy: .strict)
    #expect(try await strict.logIn(email: "bob@me.com", password: Self.decomposed, from: .unknown).login != nil)
    #expect(try await fixture.auth.validLogin(email: "bob@me.com", password: Self.composed))
    #expect(try await !fixture.auth.validLogin(email: "bob@me.com", password: Self.decomposed))
    #expect(try await strict.validLogin(email: "bob@me.com", password: Self.decomposed))
  }

  @Test func `a short password of classic still logs in under strict`() async throws {
    let fixture = AuthFixture(.classic)
    _ = try await fixture.auth.register(email: "xxxx", password: "xxxx")
    #expect(try await fixture.sharing(policy: .strict).logIn(email: "xxxx", password: "xxxx", from: .unknown).login != nil)
  }

  @Test func `a new password has to keep the rules, or the reset token stays valid`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let token = try await fixture.resetTokenForBob()
    await #expect(throws: AuthError.invalidPassword(.tooShort(scalars: 5, minimum: 15))) {
      try await fixture.auth.updatePassword(resetToken: token, password: "short")
    }
    #expect(try await fixture.auth.validLogin(email: AuthFixture.email, password: AuthFixture.password))
    try await fixture.auth.updatePassword(resetToken: token, password: AuthFixture.otherPassword)
    #expect(try await fixture.auth.validLogin(email: AuthFixture.email, password: AuthFixture.otherPassword))
  }
}
