import AuthCore
import Testing

/// No secret appears in anything that is printed, logged or dumped.
@Suite struct RedactionTests {
  private static let secret = "s3cr3t-t0k3n"

  private static func everyText(of value: some Any) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    var nested = ""
    dump(["key": [Optional(value)]], to: &nested)
    return [
      String(describing: value), String(reflecting: value), "\(value)", "\([value])", "\(Optional(value) as Any)", dumped, nested,
    ] + Mirror(reflecting: value).children.map { "\($0.value)" }
  }

  private static let secrets: [(name: String, value: any Sendable)] = [
    ("SessionID", SessionID(secret)),
    ("ResetToken", ResetToken(secret)),
    ("PasswordHash", PasswordHash(secret)),
    ("Password", (try? Password(secret)) as any Sendable),
    ("User", User(id: 1, email: Email(stored: "bob@me.com"), hashedPassword: PasswordHash(secret))),
    ("filter", User.Filter.hashedPassword(PasswordHash(secret))),
    ("change", User.Change.hashedPassword(PasswordHash(secret))),
  ]

  @Test(arguments: secrets.indices)
  func `no text made from a secret contains it`(_ index: Int) {
    for text in Self.everyText(of: Self.secrets[index].value) {
      #expect(!text.contains(Self.secret), "\(Self.secrets[index].name)")
    }
  }

  @Test func `no text made from a login contains its session id`() async throws {
    let login = try await AuthFixture.withBob(.classic).logInBob()
    for text in Self.everyText(of: login) {
      #expect(!text.contains(login.sessionID.text))
      #expect(!text.contains(login.user.hashedPassword.text))
    }
  }

  @Test func `no text made from a password reset contains its token`() async throws {
    let reset = try await AuthFixture.withBob(.classic).auth.getResetPasswordToken(email: AuthFixture.email)
    for text in Self.everyText(of: reset) {
      #expect(!text.contains(reset.token.text))
      #expect(!text.contains(reset.user.hashedPassword.text))
    }
  }

  @Test func `a redacted value shows its type`() throws {
    #expect("\(SessionID("x"))" == "SessionID(redacted)")
    #expect("\(ResetToken("x"))" == "ResetToken(redacted)")
    #expect("\(PasswordHash("x"))" == "PasswordHash(redacted)")
    #expect("\(try Password("x"))" == "Password(redacted)")
  }
}
