import AuthCore
import AuthTesting
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Testing

@testable import AuthHTTP

/// OWASP ASVS 5.0: 6.2.6, 6.2.7, 6.4.3; NIST SP 800-63B-4: 3.1.1.2.
@Suite struct PageTests {
  private let service = PageService()
  private static let weak = ["new_password": "short", "new_password_again": "short"]
  private static let strong = ["new_password": Strict.otherPassword, "new_password_again": Strict.otherPassword]
  private static let names = Page.all.map(\.name)

  // MARK: Setting a password

  @Test func `a person who forgot the password sets a new one`() async throws {
    try await service.run { client in
      _ = try await service.store.addUser(email: Email(Strict.email), hashedPassword: PasswordHash("x"))
      #expect(try await client.open("forgot-password").status == 200)
      let sent = try await client.submit("forgot-password", ["email": Strict.email])
      #expect(sent.status == 200 && sent.title == "Check your mail – Bob&#39;s &lt;Shop&gt;" && !sent.hasForm)

      let link = try await service.nextLink()
      let form = try await client.open("new-password", link)
      #expect(form.status == 200 && form.hasForm && form.fault == nil)
      #expect(form.title == "Choose a new password – Bob&#39;s &lt;Shop&gt;")
      let done = try await client.submit("new-password", link.merging(Self.strong) { a, _ in a })
      #expect(done.status == 200 && done.title.hasPrefix("Your password is set"))
      #expect(done.text.contains(#"href="https://example.org/?a=1&amp;b=2">Continue to Bob&#39;s &lt;Shop&gt;</a>"#))
      #expect(try await service.canLogIn(Strict.otherPassword))
    }
  }

  @Test func `the form has what password managers look for, and shows no password`() async throws {
    try await service.run { client in
      let link = try await service.resetLink()
      let sent = link.merging(["new_password": "secret-1", "new_password_again": "secret-2"]) { a, _ in a }
      for response in [try await client.open("new-password", link), try await client.submit("new-password", sent)] {
        let text = response.text
        #expect(text.contains(#"name="email" type="email" autocomplete="username" value="bob@me.com" readonly"#))
        for name in ["new_password", "new_password_again"] {
          #expect(text.contains(#"<label for="\#(name)">"#))
          #expect(text.contains(#"id="\#(name)" name="\#(name)" type="password" autocomplete="new-password" value="" required"#))
        }
        #expect(text.contains(#"passwordrules="minlength: 15;" aria-describedby="new_password-hint""#))
        #expect(text.contains(#"<input type="hidden" name="reset_token" value="\#(link["reset_token"]!)">"#))
        #expect(text.contains(#"<form method="post" action="new-password" novalidate>"#) && !text.contains("secret"))
      }
      let verification = try await client.open("verify-email", ["email": "a@b.org", "verification_token": "t"])
      #expect(verification.text.contains(#"name="password" type="password" autocomplete="current-password""#))
    }
  }

  @Test(
    arguments: [
      (weak, 400, "new_password", "The password has 5 characters. It needs at least 15."),
      (["new_password": ""], 400, "new_password", "Enter a new password."),
      (
        ["new_password": Strict.password, "new_password_again": ""], 400, "new_password_again",
        "Enter the new password once more."
      ),
      (
        ["new_password": Strict.password, "new_password_again": Strict.otherPassword], 400, "new_password_again",
        "This is not the password above. Enter both again."
      ),
      (
        ["new_password": "passwordpassword", "new_password_again": "passwordpassword"], 400, "new_password",
        """
        The password is one that attackers try first: a common password, a sequence or a repetition, perhaps with digits added. \
        Choose another.
        """
      ),
    ] as [([String: String], Int, String, String)])
  func `an error is at its input, which has the focus, and the link still works`(
    _ fields: [String: String], _ status: Int, _ input: String, _ sentence: String
  ) async throws {
    try await service.run { client in
      let link = try await service.resetLink()
      let response = try await client.submit("new-password", link.merging(fields) { a, _ in a })
      #expect(response.status == status && response.hasForm)
      #expect(response.fault?.input == input && response.fault?.sentence == sentence)
      #expect(response.title.hasPrefix("Error: Choose a new password – "))
      let described = try Regex(#"id="\#(input)"[^>]* aria-describedby="\#(input)-error[^"]*" aria-invalid="true" autofocus>"#)
      #expect(response.text.contains(described))
      #expect(response.text.matches(of: /autofocus/).count == 1)
      let right = try await client.submit("new-password", link.merging(Self.strong) { a, _ in a })
      #expect(right.status == 200)
    }
  }

  @Test func `a link that was used, has expired or is incomplete says so, and another one is a button away`() async throws {
    try await service.run { client in
      let link = try await service.resetLink()
      #expect(try await client.submit("new-password", link.merging(Self.strong) { a, _ in a }).status == 200)
      let dead: [([String: String], Int)] = [
        (link, 403), (["email": Strict.email, "reset_token": "x"], 403), (["email": Strict.email, "reset_token": ""], 403),
        (["email": Strict.email], 400), (["email": Strict.email, "reset_token": String(repeating: "x", count: 251)], 400),
      ]
      for (fields, status) in dead {
        let response = try await client.submit("new-password", fields.merging(Self.strong) { a, _ in a })
        #expect(response.status == status && !response.hasForm, "\(fields)")
        #expect(response.fault?.sentence.hasPrefix("This link does not work any more. ") == true && response.fault?.input == nil)
        #expect(response.title.hasPrefix("Error: "))
        #expect(response.text.contains(#"<form method="post" action="forgot-password">"#))
        #expect(response.text.contains(#"<input type="hidden" name="email" value="bob@me.com">"#))
      }
      let incomplete = try await client.open("new-password")
      #expect(incomplete.status == 400 && !incomplete.hasForm)
      #expect(incomplete.text.contains(#"<a class="button" href="forgot-password">Send another link</a>"#))

      let late = try await service.verificationLink("eve@me.com")
      service.clock.advance(by: .seconds(86_401))
      let response = try await client.submit("verify-email", late.merging(["password": Strict.password]) { a, _ in a })
      #expect(response.status == 403 && response.fault?.sentence.contains("Sign up again to get another.") == true)
    }
  }

  @Test func `a request for a link says the same for every email, and asks for one`() async throws {
    try await service.run { client in
      _ = try await service.store.addUser(email: Email(Strict.email), hashedPassword: PasswordHash("x"))
      let known = try await client.submit("forgot-password", ["email": Strict.email])
      let unknown = try await client.submit("forgot-password", ["email": "eve@me.com"])
      #expect(known.status == unknown.status && known.headers == unknown.headers)
      #expect(known.text.replacing(Strict.email, with: "eve@me.com") == unknown.text)
      let empty = try await client.submit("forgot-password", ["email": ""])
      #expect(empty.status == 400 && empty.fault?.input == "email" && empty.fault?.sentence == "Enter your email.")
    }
  }

  @Test func `too many requests are delayed, and the page says for how long`() async throws {
    try await service.run { client in
      for _ in 1...5 { #expect(try await client.submit("forgot-password", ["email": Strict.email]).status == 200) }
      let response = try await client.submit("forgot-password", ["email": Strict.email])
      #expect(response.status == 429 && response.headers[.retryAfter] == "300" && response.hasForm)
      #expect(response.fault?.sentence == "There were too many attempts. Try again in 5 minutes.")
    }
  }

  // MARK: Looking

  @Test(arguments: [HTTPRequest.Method.get, .head, .options])
  func `a hundred visits to each link change nothing, and ask nothing of the store`(_ method: HTTPRequest.Method) async throws {
    try await service.run { client in
      let (reset, verification) = (try await service.resetLink(), try await service.verificationLink("eve@me.com"))
      _ = service.events.take()
      let operations = service.operations.count
      for _ in 1...100 {
        for (page, link) in [("new-password", reset), ("verify-email", verification), ("forgot-password", [:])] {
          #expect(try await client.open(page, link, method).status == (method == .options ? 405 : 200))
        }
      }
      #expect(service.operations.count == operations && service.events.take().isEmpty)
      #expect(try await client.submit("new-password", reset.merging(Self.strong) { a, _ in a }).status == 200)
      let verified = try await client.submit("verify-email", verification.merging(["password": Strict.password]) { a, _ in a })
      #expect(verified.status == 200)
    }
  }

  // MARK: Hostile and broken requests

  private static let hostile = [
    #""><script>alert(1)</script>"#, "'><b>\0</b>", "\u{202e}moc.em@bob", "</title></style><img src=x>", "<!--", "&lt;script&gt;",
  ]

  @Test(arguments: hostile)
  func `what a link brings is never markup`(_ text: String) async throws {
    try await service.run { client in
      let plain = try await client.open("new-password", ["email": "x", "reset_token": "x"])
      let responses = [
        try await client.open("new-password", ["email": text, "reset_token": text, text: text]),
        try await client.open("forgot-password", ["email": text]),
        try await client.submit("forgot-password", ["email": text, text: text]),
        try await client.submit("new-password", ["email": text, "reset_token": text].merging(Self.weak) { a, _ in a }),
        try await client.submit("verify-email", ["email": text, "verification_token": text, "password": text]),
      ]
      #expect(responses[0].text.count { $0 == "<" } == plain.text.count { $0 == "<" })
      for response in responses {
        #expect(!response.text.contains("\0") && !response.text.contains("<script") && !response.text.contains("<img"))
        #expect(!response.text.contains("<!--") && !response.text.contains("<b>"))
        #expect(response.text.matches(of: /<\/style>|<\/title>/).count == 2)
      }
      // A text that is written from the right to the left leaves the sentence around it alone.
      #expect(!responses[2].text.contains("\u{202e}") || responses[2].text.contains("<bdi>\u{202e}moc.em@bob</bdi>"))
    }
  }

  @Test func `a body that cannot be read is a page too`() async throws {
    try await service.run { client in
      for (body, status) in [
        (Body("text/plain", "x"), 415), (Body.form(String(repeating: "x", count: 70_000)), 413), (Body.json("{"), 400),
        (Body("multipart/form-data", "x"), 400),
      ] {
        for name in Self.names {
          let response = try await client.send(.post, "/pages/\(name)", body)
          #expect(response.status == status && response.headers[.contentType] == "text/html; charset=utf-8")
          #expect(response.fault != nil)
        }
      }
    }
  }

  @Test func `while the store is unavailable, a page says so`() async throws {
    try await service.run { client in
      let link = try await service.resetLink()
      service.store.fail(.all)
      let response = try await client.submit("new-password", link.merging(Self.strong) { a, _ in a })
      #expect(response.status == 503 && response.headers[.retryAfter] == "1" && response.hasForm)
      #expect(response.fault?.sentence == "The service is not available right now. Try again in 1 second.")
    }
  }

  private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!

  @Test(arguments: [Preset.classic, .strict])
  func `only a page of the same origin can send a form, whatever is allowed`(_ preset: Preset) async throws {
    let service = PageService(preset) { $0.allowedOrigins = preset == .strict ? ["https://app.example.org"] : [] }
    let foreign: [HTTPFields] = [
      [Self.fetchSite: "cross-site"], [Self.fetchSite: "same-site"], [.origin: "https://evil.example"], [.origin: "null"],
      [.origin: "https://app.example.org"], [.origin: "https://app.example.org", Self.fetchSite: "same-site"],
    ]
    let own: [HTTPFields] = [
      [:], [Self.fetchSite: "same-origin"], [.origin: "https://localhost"], [.origin: "null", Self.fetchSite: "same-origin"],
    ]
    try await service.run { client in
      let link = try await service.resetLink()
      for headers in foreign {
        let response = try await client.submit("new-password", link.merging(Self.strong) { a, _ in a }, headers: headers)
        #expect(response.status == 403, "\(headers)")
        #expect(response.fault?.sentence == "This was sent from the page of another site, and nothing was changed.")
        #expect(response.headers[.accessControlAllowOrigin] == nil && response.headers[.vary] == nil)
      }
      for headers in own {
        #expect(try await client.submit("forgot-password", ["email": "x@me.com"], headers: headers).status == 200, "\(headers)")
      }
      #expect(try await client.submit("new-password", link.merging(Self.strong) { a, _ in a }, headers: own[1]).status == 200)
    }
  }

  // MARK: Headers and routes

  @Test func `nothing but the page is loaded, kept, framed, or told to others`() async throws {
    try await service.run { client in
      let link = try await service.resetLink()
      let responses = [
        try await client.open("new-password", link), try await client.open("new-password"),
        try await client.submit("new-password", link.merging(Self.weak) { a, _ in a }),
        try await client.submit("new-password", link, headers: [Self.fetchSite: "cross-site"]),
        try await client.submit("new-password", link.merging(Self.strong) { a, _ in a }),
      ]
      #expect(responses.map(\.status) == [200, 400, 400, 403, 200])
      for response in responses {
        let style = try #require(response.text.firstMatch(of: /<style>([^<]*)<\/style>/)).1
        let digest = Data(Libcrypto.sha256(style.utf8)).base64EncodedString()
        #expect(
          response.headers[values: .contentSecurityPolicy] == [
            "default-src 'none'; style-src 'sha256-\(digest)'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
          ])
        #expect(response.headers[values: .cacheControl] == ["no-store"])
        #expect(response.headers[values: .xContentTypeOptions] == ["nosniff"])
        #expect(response.headers[values: HTTPField.Name("Referrer-Policy")!] == ["strict-origin"])
        #expect(response.headers[values: HTTPField.Name("Cross-Origin-Opener-Policy")!] == ["same-origin"])
        #expect(response.headers[values: HTTPField.Name("Cross-Origin-Resource-Policy")!] == ["same-origin"])
        #expect(response.headers[.contentType] == "text/html; charset=utf-8" && response.headers[.setCookie] == nil)
        #expect(!response.text.contains("<script") && !response.text.contains(" style=") && !response.text.contains("url("))
        #expect(response.text.matches(of: /<h1>/).count == 1 && response.text.matches(of: /<main>/).count == 1)
        #expect(response.text.contains("<html lang=\"en\">"))
      }
    }
  }

  @Test func `other methods are refused, and pages of other origins are told of none`() async throws {
    try await PageService { $0.allowedOrigins = ["https://app.example.org"] }.run { client in
      for name in Self.names {
        for method in [HTTPRequest.Method.put, .delete, .options] {
          let response = try await client.send(
            method, "/pages/\(name)", headers: [.origin: "https://app.example.org", .accessControlRequestMethod: "POST"])
          #expect(response.status == 405 && response.headers[.allow] == "GET, HEAD, POST")
          #expect(response.headers[.accessControlAllowMethods] == nil)
        }
      }
    }
  }

  @Test func `there are no pages without a style, and none in the OpenAPI document`() async throws {
    try await PageService { $0.pages = nil }.run { client async throws in
      for name in Self.names { #expect(try await client.open(name).status == 404) }
    }
    let document = AuthRoutes(auth: service.auth, policy: service.policy).openAPIDocument
    #expect(!document.contains("pages") && document.contains("/reset_password"))
  }

  @Test func `in a group of an application the pages find each other`() async throws {
    let routes = AuthRoutes(auth: service.auth, policy: service.policy)
    try await withRouter { client in
      let response = try await client.send(.get, "/auth/pages/new-password?email=x&reset_token=y")
      #expect(response.status == 200 && response.text.contains(#"action="new-password""#))
      let form = try await client.send(.post, "/auth/pages/forgot-password", .form("email=x"))
      #expect(form.status == 200)
    } mounting: { router in
      routes.add(to: router.group("auth"))
    }
  }

  @Test func `every event has the client of the request`() async throws {
    try await service.run { client in
      let (reset, verification) = (try await service.resetLink(), try await service.verificationLink("eve@me.com"))
      _ = service.events.take()
      for (page, fields, kinds) in [
        ("forgot-password", ["email": Strict.email], [AuthEvent.Kind.resetRequested]),
        ("new-password", ["email": "x", "reset_token": "x"].merging(Self.strong) { a, _ in a }, [.resetRefused]),
        ("new-password", reset.merging(Self.strong) { a, _ in a }, [.resetUsed]),
        ("verify-email", verification.merging(["password": "wrong"]) { a, _ in a }, [.verificationRefused]),
        ("verify-email", verification.merging(["password": Strict.password]) { a, _ in a }, [.userCreated, .emailVerified]),
      ] {
        _ = try await client.submit(page, fields, headers: [.userAgent: "Browser/1.0"])
        let events = service.events.take()
        #expect(Set(events.map(\.kind)) == Set(kinds))
        #expect(events.allSatisfy { $0.client.ipAddress == IPAddress(TestContext.peer) && $0.client.userAgent == "Browser/1.0" })
      }
    }
  }
}
