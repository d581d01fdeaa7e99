import AuthCore
import AuthHTTP
import AuthTesting
import Foundation
import Testing

@testable import AuthServer

@Suite struct AuthMessageTests {
  private func json(_ message: AuthMessage, linkBase: String? = nil) -> String {
    String(decoding: message.json(linkBase: linkBase.flatMap { try? .page(SecureURL(setting: $0)) }), as: UTF8.self)
  }

  @Test func `a message is one line of JSON with its members in order`() {
    #expect(
      json(.sample) == """
        {"email":"bob@me.com","expires_at":"2026-11-25T05:00:00Z","id":"816c5054-2d3c-49ba-9a2d-3ac105134705",\
        "reset_token":"t0k3n-8d5e2c61","type":"password_reset"}
        """)
  }

  @Test func `a notice says when and why the password changed, and has no link`() {
    #expect(
      json(.notice, linkBase: "https://example.org/reset") == """
        {"cause":"reset","changed_at":"2026-11-25T05:00:00Z","email":"bob@me.com",\
        "id":"816c5054-2d3c-49ba-9a2d-3ac105134705","type":"password_changed"}
        """)
  }

  @Test(
    arguments: [
      (.failedLogins(at: moment, ipAddress: "192.0.2.7"), "", #","ip_address":"192.0.2.7","#),
      (.failedLogins(at: moment, ipAddress: nil), "", #","type":"failed_logins"}"#),
      (.accountLocked(at: moment, ipAddress: "192.0.2.7"), "", #","ip_address":"192.0.2.7","locked_at":"2026-11-25T05:00:00Z","#),
      (.accountUnlocked(at: moment), "", ","),
      (.accountDisabled(at: moment), #""disabled_at":"2026-11-25T05:00:00Z","#, ","),
      (.accountEnabled(at: moment), "", ","),
      (.accountDeleted(at: moment, cause: .operator), #""cause":"operator","deleted_at":"2026-11-25T05:00:00Z","#, ","),
      (
        .newLogin(at: moment, ipAddress: "2001:db8::1", userAgent: "a\"\u{2028}<b>"), "",
        #","ip_address":"2001:db8::1","logged_in_at":"2026-11-25T05:00:00Z","#
      ),
    ] as [(AuthMessage.Content, String, String)])
  func `a notice about the account has no member but those that are documented`(
    _ content: AuthMessage.Content, _ beforeEmail: String, _ afterID: String
  ) throws {
    let message = AuthMessage(id: "1", email: Email(stored: "bob@me.com"), content: content)
    let text = json(message, linkBase: "https://example.org/reset")
    #expect(text.hasPrefix("{\(beforeEmail)\"email\":\"bob@me.com\",") && text.contains("\"id\":\"1\"\(afterID)"), "\(text)")
    #expect(!text.contains("\n"))
    let members = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    #expect(members["type"] == message.kind.rawValue)
    if case .newLogin = content { #expect(members["user_agent"] == "a\"\u{2028}<b>") }
    if case .failedLogins = content { #expect(members["failed_at"] == "2026-11-25T05:00:00Z") }
    if case .accountUnlocked = content { #expect(members["unlocked_at"] == "2026-11-25T05:00:00Z") }
    if case .accountEnabled = content { #expect(members["enabled_at"] == "2026-11-25T05:00:00Z") }
  }

  @Test func `messages of a change of email have their tokens and links`() {
    let change = AuthMessage(
      id: "1", email: Email(stored: "new@me.com"),
      content: .emailChange(
        EmailChangeToken("t0k3n"), VerificationCode("7Q3K9MZA"), expiresAt: Self.moment, codeExpiresAt: Self.moment))
    #expect(
      json(change, linkBase: "https://example.org/reset") == """
        {"code":"7Q3K9MZA","code_expires_at":"2026-11-25T05:00:00Z","email":"new@me.com","email_change_token":"t0k3n",\
        "expires_at":"2026-11-25T05:00:00Z","id":"1",\
        "link":"https://example.org/reset#email=new%40me.com&email_change_token=t0k3n","type":"email_change"}
        """)
    let notices: [(AuthMessage.Content, String)] = [
      (.emailChangeRequested(at: Self.moment, TakeBackToken("t0k3n"), expiresAt: Self.moment), "email_change_requested"),
      (.emailChanged(at: Self.moment, TakeBackToken("t0k3n"), expiresAt: Self.moment), "email_changed"),
    ]
    for (content, type) in notices {
      let isPast = type == "email_changed"
      let before = isPast ? #""changed_at":"2026-11-25T05:00:00Z","# : ""
      let after = isPast ? "" : #""requested_at":"2026-11-25T05:00:00Z","#
      #expect(
        json(AuthMessage(id: "1", email: Email(stored: "bob@me.com"), content: content)) == """
          {\(before)"email":"bob@me.com","expires_at":"2026-11-25T05:00:00Z","id":"1",\(after)"take_back_token":"t0k3n",\
          "type":"\(type)"}
          """)
    }
    #expect(
      json(AuthMessage(id: "1", email: Email(stored: "bob@me.com"), content: .emailTakenBack(at: Self.moment))) == """
        {"email":"bob@me.com","id":"1","taken_back_at":"2026-11-25T05:00:00Z","type":"email_taken_back"}
        """)
  }

  @Test func `a message to a recovery email names its recipient and the account, and its link has the account's email`() {
    let (second, bob) = (Email(stored: "bob@second.org"), Email(stored: "bob@me.com"))
    let reset = AuthMessage(
      id: "1", email: second, accountEmail: bob, content: .passwordReset(ResetToken("t0k3n"), expiresAt: Self.moment))
    #expect(
      json(reset, linkBase: "https://example.org/reset") == """
        {"account_email":"bob@me.com","email":"bob@second.org","expires_at":"2026-11-25T05:00:00Z","id":"1",\
        "link":"https://example.org/reset#email=bob%40me.com&reset_token=t0k3n","reset_token":"t0k3n","type":"password_reset"}
        """)
    let changed = AuthMessage(id: "1", email: second, accountEmail: bob, content: .accountEmailChanged(at: Self.moment))
    #expect(
      json(changed, linkBase: "https://example.org/reset") == """
        {"account_email":"bob@me.com","changed_at":"2026-11-25T05:00:00Z","email":"bob@second.org","id":"1",\
        "type":"account_email_changed"}
        """)
    let copy = AuthMessage(
      id: "1", email: second, accountEmail: bob, content: .passwordChanged(at: Self.moment, cause: .reset))
    #expect(
      json(copy) == """
        {"account_email":"bob@me.com","cause":"reset","changed_at":"2026-11-25T05:00:00Z","email":"bob@second.org","id":"1",\
        "type":"password_changed"}
        """)
  }

  @Test func `messages about a recovery email have their token and link, or what became of it`() {
    let second = Email(stored: "bob@second.org")
    let asked = AuthMessage(
      id: "1", email: second,
      content: .recoveryEmail(
        RecoveryEmailToken("t0k3n"), VerificationCode("7Q3K9MZA"), expiresAt: Self.moment, codeExpiresAt: Self.moment))
    #expect(
      json(asked, linkBase: "https://example.org/reset") == """
        {"code":"7Q3K9MZA","code_expires_at":"2026-11-25T05:00:00Z","email":"bob@second.org",\
        "expires_at":"2026-11-25T05:00:00Z","id":"1",\
        "link":"https://example.org/reset#email=bob%40second.org&recovery_email_token=t0k3n","recovery_email_token":"t0k3n",\
        "type":"recovery_email"}
        """)
    for (cause, text) in [(RecoveryEmailChangeCause.confirmed, "confirmed"), (.removed, "removed")] {
      let message = AuthMessage(
        id: "1", email: Email(stored: "bob@me.com"), content: .recoveryEmailChanged(at: Self.moment, cause: cause))
      #expect(
        json(message) == """
          {"cause":"\(text)","changed_at":"2026-11-25T05:00:00Z","email":"bob@me.com","id":"1","type":"recovery_email_changed"}
          """)
    }
  }

  private static let moment = Timestamp(secondsSince1970: 1_795_582_800)

  @Test(arguments: ["https://example.org/reset", "https://example.org/?page=reset", "http://127.0.0.1:8080/reset"])
  func `the link is the base with email and token in its fragment`(base: String) {
    #expect(json(.sample, linkBase: base).contains("\"link\":\"\(base)#email=bob%40me.com&reset_token=t0k3n-8d5e2c61\","))
  }

  @Test(
    arguments: [
      ("\"<>&#?/ %'\\`$+=;@x", "%22%3C%3E%26%23%3F%2F%20%25%27%5C%60%24%2B%3D%3B%40x"),
      ("é@é.example", "%C3%A9%40%C3%A9.example"), ("\u{1F511}@x", "%F0%9F%94%91%40x"), ("a\r\nb\u{0}", "a%0D%0Ab%00"),
      ("AZaz09-._~", "AZaz09-._~"),
    ])
  func `an email means nothing in a link but itself`(address: String, encoded: String) throws {
    let message = json(.to(address), linkBase: "https://example.org/")
    #expect(!message.contains("\n"))
    let members = try JSONDecoder().decode([String: String].self, from: Data(message.utf8))
    #expect(members["email"] == address)
    #expect(members["link"] == "https://example.org/#email=\(encoded)&reset_token=t0k3n-8d5e2c61")
    #expect(encoded.removingPercentEncoding == address)
  }

  @Test(arguments: ["https://auth.example.org", "https://auth.example.org/", "https://example.org/auth//"])
  func `a link to a page of the server has email and token in its query`(url: String) throws {
    let base = LinkBase.pages(try ServerURL(setting: url))
    let link = AuthMessage.to("b&b@me.com").link(base, "reset_token", ResetToken("t/?#&+"))
    let server = url.hasSuffix("auth//") ? "https://example.org/auth" : "https://auth.example.org"
    #expect(link == "\(server)/pages/new-password?email=b%26b%40me.com&reset_token=t%2F%3F%23%26%2B")
    #expect(base.changePasswordURL == server + "/pages/forgot-password")
    #expect(try LinkBase.page(SecureURL(setting: url)).changePasswordURL == nil)
  }

  @Test(arguments: MailKind.allCases)
  func `every link of a message leads to a page that there is`(_ kind: MailKind) throws {
    var policy = HTTPPolicy(for: .strict)
    policy.pages = PageStyle(name: "Example")
    let routes = AuthRoutes(auth: Auth(policy: .strict, store: InMemoryStore(), hasher: FastHasher()), policy: policy)
    let message = AuthMessage(id: "1", email: Email(stored: "bob@me.com"), content: kind.sample)
    let base = LinkBase.pages(try ServerURL(setting: "https://auth.example.org"))
    let values = [MailKind.values(of: message, linkBase: base)["link"], try members(message.json(linkBase: base))["link"]]
    #expect((values[0] == nil) == message.secrets.isEmpty && values[0] == values[1])
    for link in values.compactMap(\.self) {
      let path = link.dropFirst("https://auth.example.org".count).prefix { $0 != "?" }
      #expect(routes.mountedRoutes.contains { $0.name == "GET \(path)" }, "\(link)")
    }
  }

  private func members(_ json: [UInt8]) throws -> [String: String] {
    try JSONDecoder().decode([String: String].self, from: Data(json))
  }

  /// One kind of message in `Docs/messages.schema.json`.
  private struct Schema: Decodable {
    struct Member: Decodable {
      let const: String?
      let `enum`: [String]?
      let pattern: String?
    }

    let title: String
    let properties: [String: Member]
    let required: Set<String>
  }

  private func schemas() throws -> [Schema] {
    struct Document: Decodable { let oneOf: [Schema] }
    let path = URL(filePath: #filePath).appending(path: "../../../../Docs/messages.schema.json").standardizedFileURL
    return try JSONDecoder().decode(Document.self, from: Data(contentsOf: path)).oneOf
  }

  /// Draft 2020-12 as far as the document uses it; CI checks messages of a running server with a complete validator.
  @Test(arguments: MailKind.allCases, [nil, "https://example.org/reset"])
  func `every message is as the schema says`(_ kind: MailKind, linkBase: String?) throws {
    let (id, email) = (AuthMessage.sample.id, AuthMessage.sample.email)
    for accountEmail in [nil, Email(stored: "bob@second.org")] {
      // Some go to a recovery email, one goes nowhere else, and the others never do.
      guard accountEmail == nil ? kind != .accountEmailChanged : kind.reachesRecoveryEmail else { continue }
      let message = AuthMessage(id: id, email: email, accountEmail: accountEmail, content: kind.sample)
      let members = try JSONDecoder().decode([String: String].self, from: Data(json(message, linkBase: linkBase).utf8))
      let schema = try #require(try schemas().first { $0.title == members["type"] })
      #expect(schema.required.isSubset(of: members.keys) && Set(members.keys).isSubset(of: schema.properties.keys))
      for (name, value) in members {
        let member = try #require(schema.properties[name])
        #expect(member.const ?? value == value && member.enum?.contains(value) ?? true)
        if let pattern = member.pattern { #expect(try value.contains(Regex(pattern))) }
      }
    }
  }

  @Test func `the schema has no other kinds`() throws {
    let kinds = Set(MailKind.allCases.map(\.messageKind.rawValue))
    #expect(try Set(schemas().map(\.title)) == kinds)
  }
}
