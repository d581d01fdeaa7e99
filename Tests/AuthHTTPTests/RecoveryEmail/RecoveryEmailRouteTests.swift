import AuthCore
import AuthTesting
import HTTPTypes
import Hummingbird
import Testing

@testable import AuthHTTP

/// Recovery emails over HTTP.
///
/// NIST SP 800-63B-4: 4.2.1.2.
@Suite struct RecoveryEmailRouteTests {
  private static let second = "bob@second.org"

  private let service = MailService()
  private var mailbox: Mailbox { service.mailbox }

  /// Sets Bob's recovery email.
  private func set(_ client: Client, _ session: String, to email: String = second) async throws {
    #expect(try await client.call(.put, "/recovery_email", ["email": email], in: session).status == 200)
    try await service.deliverAll()
    let token = try #require(mailbox.all.compactMap(\.recoveryEmail).last).token
    let fields: KeyValuePairs = ["recovery_email_token": token]
    #expect(try await client.call(.put, "/confirm_recovery_email", fields, in: session).status == 200)
    try await service.deliverAll()
  }

  @Test func `it is asked for, confirmed with the link and the password, shown and removed`() async throws {
    try await service.runWithBob { client, session in
      let none = try await client.call(.get, "/recovery_email", in: session)
      #expect(none.status == 404)
      #expect(none.json == ["code": "no_recovery_email", "message": "the account has no recovery email"])
      let asked = try await client.call(.put, "/recovery_email", ["email": Self.second], in: session)
      #expect(asked.status == 200)
      #expect(asked.json == ["message": "a message is on its way to the recovery email; nothing changes until it is confirmed"])
      try await service.deliverAll()
      #expect(try await client.call(.get, "/recovery_email", in: session).status == 404)
      let token = try #require(mailbox.all.compactMap(\.recoveryEmail).last).token
      let wrong = try await client.call(
        .put, "/confirm_recovery_email", ["recovery_email_token": token, "password": "wrong"])
      #expect(wrong.status == 403 && wrong.json["code"] == "wrong_password")
      let fields: KeyValuePairs = ["recovery_email_token": token, "password": Strict.password]
      let right = try await client.call(.put, "/confirm_recovery_email", fields)
      #expect(right.status == 200)
      #expect(right.json == ["message": "recovery email set", "recovery_email": Self.second])
      let replayed = try await client.call(.put, "/confirm_recovery_email", fields)
      #expect(replayed.status == 403 && replayed.json["code"] == "invalid_verification")
      let shown = try await client.call(.get, "/recovery_email", in: session)
      #expect(shown.status == 200)
      #expect(shown.json == ["recovery_email": Self.second, "verified_at": service.clock.now.rfc3339])
      let removed = try await client.call(.delete, "/recovery_email", in: session)
      #expect(removed.status == 200 && removed.json == ["message": "recovery email removed"])
      for (method, path) in [(HTTPRequest.Method.delete, "/recovery_email"), (.post, "/recovery_email/delete")] {
        let again = try await client.call(method, path, in: session)
        #expect(again.status == 404 && again.json["code"] == "no_recovery_email")
      }
    }
  }

  @Test func `it is confirmed with the link or the code, and a session`() async throws {
    try await service.runWithBob { client, session in
      for (index, field) in ["recovery_email_token", "code"].enumerated() {
        _ = try await client.call(.put, "/recovery_email", ["email": "new\(index)@me.com"], in: session)
        try await service.deliverAll()
        let (token, code) = try #require(mailbox.all.compactMap(\.recoveryEmail).last)
        let value = field == "code" ? code : token
        let without = try await client.call(.put, "/confirm_recovery_email", [field: value])
        #expect(without.status == 403 && without.json["code"] == "login_required")
        let right = try await client.call(.put, "/confirm_recovery_email", [field: value], in: session)
        #expect(right.json["recovery_email"] == "new\(index)@me.com")
      }
    }
  }

  @Test(arguments: ["true", "on", "1"])
  func `a reset token goes to it if the request says so, and is used with the account's email`(_ flag: String) async throws {
    try await service.runWithBob { client, session in
      try await set(client, session)
      let asked = try await client.call(.post, "/reset_password", ["email": Strict.email, "to_recovery_email": flag])
      #expect(asked.status == 200)
      try await service.deliverAll()
      let message = try #require(mailbox.all.last)
      let (token, recipient) = (try #require(message.resetToken), message.email.text)
      #expect(recipient == Self.second && message.accountEmail?.text == Strict.email)
      // What a receiver sends that takes the recipient for the account.
      let mistaken = try await client.call(
        .put, "/reset_password", ["email": recipient, "reset_token": token, "new_password": Strict.otherPassword])
      #expect(mistaken.status == 403 && mistaken.json["code"] == "invalid_reset_token")
      let right = try await client.call(
        .put, "/reset_password", ["email": Strict.email, "reset_token": token, "new_password": Strict.otherPassword])
      #expect(right.status == 200)
      _ = try await client.openSession(Strict.email, Strict.otherPassword)
    }
  }

  @Test func `a response is the same for every email, and whether there is a recovery email or not`() async throws {
    _ = try await service.store.addUser(email: Email("eve@me.com"), hashedPassword: PasswordHash("x"))
    try await service.runWithBob { client, session in
      try await set(client, session)
      var responses: [ClientResponse] = []
      for email in [Strict.email, "eve@me.com", "none@me.com", Self.second, "no email"] {
        for flag in ["true", "false"] {
          responses.append(
            try await client.call(.post, "/reset_password", ["email": email, "to_recovery_email": flag]))
        }
        responses.append(try await client.call(.post, "/reset_password", ["email": email]))
      }
      for response in responses {
        #expect(response.status == 200)
        #expect(response.headers == responses[0].headers && response.json == responses[0].json)
      }
      try await service.deliverAll()
      let recipients = mailbox.all.filter { $0.kind == .passwordReset }.map(\.email.text)
      #expect(recipients.sorted() == [Strict.email, Strict.email, Self.second] + Array(repeating: "eve@me.com", count: 3))
    }
  }

  @Test func `what is wrong is said with its field`() async throws {
    try await service.runWithBob { client, session in
      try await set(client, session)
      for email in [Strict.email.uppercased(), Self.second] {
        let same = try await client.call(.put, "/recovery_email", ["email": email], in: session)
        #expect(same.status == 400)
        #expect(
          same.json == ["code": "email_unchanged", "field": "email", "message": "email: the account has this email already"])
      }
      let malformed = try await client.call(.put, "/recovery_email", ["email": "new"], in: session)
      #expect(malformed.status == 400 && malformed.json["code"] == "email_at_signs")
      #expect(try await client.call(.put, "/recovery_email", ["password": "x"], in: session).json["field"] == "email")
      #expect(
        try await client.call(.put, "/confirm_recovery_email", ["password": "x"]).json["field"] == "recovery_email_token")
      let flag = try await client.call(.post, "/reset_password", ["email": Strict.email, "to_recovery_email": "perhaps"])
      #expect(flag.status == 400 && flag.json["field"] == "to_recovery_email")
    }
  }

  @Test func `it needs a session, and a recent login or the password`() async throws {
    try await service.runWithBob { client, session in
      try await set(client, session)
      let routes: [(HTTPRequest.Method, String)] = [
        (.get, "/recovery_email"), (.put, "/recovery_email"), (.delete, "/recovery_email"), (.post, "/recovery_email/delete"),
      ]
      for (method, path) in routes {
        #expect(try await client.call(method, path, ["email": "x@me.com"]).json["code"] == "login_required")
      }
      service.clock.advance(by: .seconds(16 * 60))
      for (method, path) in routes.dropFirst() {
        let late = try await client.call(method, path, ["email": "x@me.com"], in: session)
        #expect(late.status == 403 && late.json["code"] == "recent_login_required")
        let wrong = try await client.call(method, path, ["email": "x@me.com", "current_password": "wrong"], in: session)
        #expect(wrong.status == 403 && wrong.json["code"] == "wrong_password")
      }
      #expect(try await client.call(.get, "/recovery_email", in: session).json["recovery_email"] == Self.second)
      let fields: KeyValuePairs = ["email": "x@me.com", "password": Strict.password]
      #expect(try await client.call(.put, "/recovery_email", fields, in: session).status == 200)
      #expect(try await client.call(.post, "/recovery_email/delete", fields, in: session).status == 200)
    }
  }

  @Test(arguments: [HTTPRequest.Method.get, .head, .post, .options])
  func `looking at the link changes nothing`(_ method: HTTPRequest.Method) async throws {
    try await service.runWithBob { client, session in
      _ = try await client.call(.put, "/recovery_email", ["email": Self.second], in: session)
      try await service.deliverAll()
      let token = try #require(mailbox.all.compactMap(\.recoveryEmail).last).token
      for _ in 1...100 {
        let path = "/confirm_recovery_email?recovery_email_token=\(token)"
        #expect(try await client.send(method, path, headers: [.authorization: "Bearer \(session)"]).status == 405)
      }
      let fields: KeyValuePairs = ["recovery_email_token": token]
      #expect(try await client.call(.put, "/confirm_recovery_email", fields, in: session).status == 200)
    }
  }

  @Test func `a page of another site changes nothing`() async throws {
    try await service.runWithBob { client, session in
      try await set(client, session)
      let count = mailbox.all.count
      for (method, path) in [
        (HTTPRequest.Method.put, "/recovery_email"), (.put, "/confirm_recovery_email"), (.delete, "/recovery_email"),
        (.post, "/recovery_email/delete"),
      ] {
        let response = try await client.send(
          method, path, Encoding.json.body(["email": "new@me.com"]),
          headers: [.cookie: "__Host-session_id=\(session)", .init("Sec-Fetch-Site")!: "cross-site"])
        #expect(response.status == 403 && response.json["code"] == "cross_site", "\(path)")
      }
      try await service.deliverAll()
      #expect(mailbox.all.count == count)
    }
  }

  @Test func `a back end with a service key is told where to send the token`() async throws {
    let key = ServiceKey(String(repeating: "k", count: 32))!
    try await service.runWithBob(serviceKeys: [key]) { client, session in
      let headers: HTTPFields = [.authorization: "Bearer \(String(repeating: "k", count: 32))"]
      func ask(_ fields: KeyValuePairs<String, String>) async throws -> [String: String] {
        try await client.send(.post, "/reset_password", Encoding.json.body(fields), headers: headers).json
      }
      let early = try await ask(["email": Strict.email, "to_recovery_email": "true"])
      #expect(Set(early.keys) == ["email", "reset_token"])
      try await set(client, session)
      let asked = try await ask(["email": Strict.email, "to_recovery_email": "true"])
      #expect(asked["email"] == Strict.email && asked["recovery_email"] == Self.second && asked["reset_token"] != nil)
      #expect(try await Set(ask(["email": Strict.email]).keys) == ["email", "reset_token"])
    }
  }

  @Test func `without the feature there is no such field`() async throws {
    var policy = AuthPolicy.classic
    policy.passwordReset.returnsToken = false
    let (store, clock) = (service.store, service.clock)
    let auth = Auth(policy: policy, store: store, hasher: sharedHasher, clock: clock)
    let bob = try await auth.register(email: Strict.email, password: Strict.password, from: .unknown)
    let request = RecoveryEmailRequest(
      id: SessionID("x").digest, userID: bob.id, email: try Email(Self.second), createdAt: clock.now,
      expiresAt: clock.now + .seconds(60))
    let login = try #require(try await auth.logIn(email: Strict.email, password: Strict.password, from: .unknown).login)
    let messages = ["a", "b"].map { OutboxMessage(id: $0, kind: .recoveryEmail, email: request.email, createdAt: clock.now) }
    _ = try await store.addRecoveryEmailRequest(request, by: login.sessionID.digest, queueing: messages[0], limit: 1)
    #expect(try await store.confirmRecoveryEmail(request, now: clock.now, notice: messages[1]))
    for message in messages { try await store.removeMessage(message.id) }
    let routes = AuthRoutes(auth: auth)
    try await withRouter { client in
      #expect(try await client.call(.get, "/recovery_email", in: login.sessionID.text).status == 404)
      for flag in ["true", "perhaps"] {
        _ = try await client.call(.post, "/reset_password", ["email": Strict.email, "to_recovery_email": flag])
      }
      try await mailbox.deliverAll(from: auth)
      #expect(mailbox.all.last { $0.kind == .passwordReset }?.email.text == Strict.email)
    } mounting: { router in
      routes.add(to: router)
    }
  }
}
