import AuthCore
import AuthHTTP
import AuthTesting
import HTTPTypes
import Hummingbird
import Testing

/// Changes of emails over HTTP.
///
/// OWASP ASVS 5.0: 6.3.7.
@Suite struct ChangeEmailTests {
  private let service = MailService()
  private var mailbox: Mailbox { service.mailbox }

  @Test func `the email changes with the link and the password`() async throws {
    try await service.runWithBob { client, session in
      let asked = try await client.call(.put, "/email", ["email": "new@me.com"], in: session)
      #expect(asked.status == 200)
      #expect(asked.json == ["message": "a message is on its way to the new email; nothing changes until it is confirmed"])
      try await service.deliverAll()
      let token = try #require(mailbox.all.compactMap(\.emailChange).last).token
      let wrong = try await client.call(.put, "/confirm_email", ["email_change_token": token, "password": "wrong"])
      #expect(wrong.status == 403 && wrong.json["code"] == "wrong_password")
      let right = try await client.call(.put, "/confirm_email", ["email_change_token": token, "password": Strict.password])
      #expect(right.status == 200)
      #expect(right.json == ["email": "new@me.com", "id": "1", "message": "email changed"])
      let replayed = try await client.call(.put, "/confirm_email", ["email_change_token": token, "password": Strict.password])
      #expect(replayed.status == 403 && replayed.json["code"] == "invalid_verification")
      _ = try await client.openSession("new@me.com", Strict.password)
    }
  }

  @Test func `the email changes with the link or the code, and a session`() async throws {
    try await service.runWithBob { client, session in
      for (index, field) in ["email_change_token", "code"].enumerated() {
        _ = try await client.call(.put, "/email", ["email": "new\(index)@me.com"], in: session)
        try await service.deliverAll()
        let (token, code) = try #require(mailbox.all.compactMap(\.emailChange).last)
        let value = field == "code" ? code : token
        let without = try await client.call(.put, "/confirm_email", [field: value])
        #expect(without.status == 403 && without.json["code"] == "login_required")
        let right = try await client.call(.put, "/confirm_email", [field: value], in: session)
        #expect(right.json["email"] == "new\(index)@me.com")
      }
    }
  }

  @Test func `a token counts before a code, and a password before a session`() async throws {
    try await service.runWithBob { client, session in
      _ = try await client.call(.put, "/email", ["email": "new@me.com"], in: session)
      try await service.deliverAll()
      let (token, code) = try #require(mailbox.all.compactMap(\.emailChange).last)
      let wrongToken = try await client.call(.put, "/confirm_email", ["email_change_token": "x", "code": code], in: session)
      #expect(wrongToken.status == 403 && wrongToken.json["code"] == "invalid_verification")
      let wrongPassword = try await client.call(
        .put, "/confirm_email", ["email_change_token": token, "password": "wrong"], in: session)
      #expect(wrongPassword.status == 403 && wrongPassword.json["code"] == "wrong_password")
      let right = try await client.call(.put, "/confirm_email", ["email_change_token": token, "code": "x"], in: session)
      #expect(right.status == 200)
    }
  }

  @Test func `an email that someone else has is not taken back`() async throws {
    try await service.runWithBob { client, session in
      _ = try await client.call(.put, "/email", ["email": "new@me.com"], in: session)
      try await service.deliverAll()
      let token = try #require(mailbox.all.compactMap(\.takeBackToken).last)
      let taken = InterceptingStore(service.store) { operation throws(StoreError) in
        if operation == .takeBackEmail { throw .emailTaken }
      }
      try await withService(.strict, store: taken, clock: service.clock) { client in
        let response = try await client.call(
          .put, "/take_back_email", ["take_back_token": token, "new_password": Strict.otherPassword])
        #expect(response.status == 400)
        #expect(response.json == ["code": "email_taken", "field": "email", "message": "email already registered"])
      }
    }
  }

  @Test func `a former email takes the account back, once`() async throws {
    try await service.runWithBob { client, session in
      _ = try await client.call(.put, "/email", ["email": "new@me.com"], in: session)
      try await service.deliverAll()
      let token = try #require(mailbox.all.compactMap(\.emailChange).last).token
      _ = try await client.call(.put, "/confirm_email", ["email_change_token": token], in: session)
      try await service.deliverAll()
      let undo = try #require(mailbox.all.compactMap(\.takeBackToken).last)
      let short = try await client.call(.put, "/take_back_email", ["take_back_token": undo, "new_password": "short"])
      #expect(short.status == 400 && short.json["field"] == "new_password")
      let fields: KeyValuePairs = ["take_back_token": undo, "new_password": Strict.otherPassword]
      let right = try await client.call(.put, "/take_back_email", fields)
      #expect(right.status == 200)
      #expect(right.json == ["email": Strict.email, "message": "the email is yours again, with the new password"])
      let again = try await client.call(.put, "/take_back_email", fields)
      #expect(again.status == 403 && again.json["code"] == "invalid_take_back")
      #expect(try await client.send(.get, "/profile", headers: [.authorization: "Bearer \(session)"]).status == 403)
      _ = try await client.openSession(Strict.email, Strict.otherPassword)
    }
  }

  @Test func `a request needs a session, and a recent login or the password`() async throws {
    try await service.runWithBob { client, session in
      #expect(try await client.call(.put, "/email", ["email": "new@me.com"]).json["code"] == "login_required")
      service.clock.advance(by: .seconds(16 * 60))
      let late = try await client.call(.put, "/email", ["email": "new@me.com"], in: session)
      #expect(late.status == 403 && late.json["code"] == "recent_login_required")
      for (field, password, status) in [
        ("current_password", "wrong", 403), ("current_password", Strict.password, 200), ("password", Strict.password, 200),
      ] {
        #expect(try await client.call(.put, "/email", ["email": "new@me.com", field: password], in: session).status == status)
      }
    }
  }

  @Test func `a response is the same for a free and a taken email, also when it is refused`() async throws {
    _ = try await service.store.addUser(email: Email("taken@me.com"), hashedPassword: PasswordHash("x"))
    try await service.runWithBob { client, session in
      var responses: [ClientResponse] = []
      for email in ["taken@me.com", "Taken@Me.com", "free@me.com"] {
        responses.append(try await client.call(.put, "/email", ["email": email], in: session))
      }
      for response in responses {
        #expect(response.status == 200)
        #expect(response.headers == responses[2].headers)
        #expect(response.json == responses[2].json)
      }
      try await service.deliverAll()
      // What becomes of each older request does not depend on it either.
      let toTaken = mailbox.all.filter { $0.email.text.lowercased() == "taken@me.com" }
      #expect(toTaken.map(\.kind) == [.accountExists, .accountExists])
      #expect(mailbox.all.count { $0.kind == .emailChange } == 1)
      #expect(mailbox.all.count { $0.kind == .emailChangeRequested } == 3)
      for _ in 1...2 { _ = try await client.call(.put, "/email", ["email": "x@me.com"], in: session) }
      let (taken, free) = (
        try await client.call(.put, "/email", ["email": "taken@me.com"], in: session),
        try await client.call(.put, "/email", ["email": "free@me.com"], in: session)
      )
      #expect(taken.status == 429)
      #expect(taken.status == free.status && taken.headers == free.headers && taken.json == free.json)
    }
  }

  @Test(arguments: [HTTPRequest.Method.get, .head, .post, .options])
  func `looking at the links changes nothing`(_ method: HTTPRequest.Method) async throws {
    try await service.runWithBob { client, session in
      _ = try await client.call(.put, "/email", ["email": "new@me.com"], in: session)
      try await service.deliverAll()
      let token = try #require(mailbox.all.compactMap(\.emailChange).last).token
      let stop = try #require(mailbox.all.compactMap(\.takeBackToken).last)
      for _ in 1...100 {
        for path in ["/email?x=y", "/confirm_email?email_change_token=\(token)", "/take_back_email?take_back_token=\(stop)"] {
          let response = try await client.send(method, path, headers: [.authorization: "Bearer \(session)"])
          #expect(response.status == 405)
        }
      }
      let right = try await client.call(.put, "/confirm_email", ["email_change_token": token], in: session)
      #expect(right.status == 200)
    }
  }

  @Test func `what is wrong is said with its field`() async throws {
    _ = try await service.store.addUser(email: Email("taken@me.com"), hashedPassword: PasswordHash("x"))
    try await service.runWithBob { client, session in
      let same = try await client.call(.put, "/email", ["email": Strict.email.uppercased()], in: session)
      #expect(same.status == 400)
      #expect(same.json == ["code": "email_unchanged", "field": "email", "message": "email: the account has this email already"])
      let malformed = try await client.call(.put, "/email", ["email": "new"], in: session)
      #expect(malformed.status == 400 && malformed.json["code"] == "email_at_signs" && malformed.json["field"] == "email")
      #expect(try await client.call(.put, "/email", ["password": "x"], in: session).json["field"] == "email")
      #expect(try await client.call(.put, "/confirm_email", ["password": "x"]).json["field"] == "email_change_token")
      #expect(try await client.call(.put, "/take_back_email", ["new_password": "x"]).json["field"] == "take_back_token")
      #expect(try await client.call(.put, "/take_back_email", ["take_back_token": "x"]).json["field"] == "new_password")
      _ = try await client.call(.put, "/email", ["email": "free@me.com"], in: session)
      try await service.deliverAll()
      _ = try await service.store.addUser(email: Email("FREE@me.com"), hashedPassword: PasswordHash("x"))
      let taken = try await client.call(
        .put, "/confirm_email", ["email_change_token": #require(mailbox.all.compactMap(\.emailChange).last).token], in: session)
      #expect(taken.status == 400)
      #expect(taken.json == ["code": "email_taken", "field": "email", "message": "email already registered"])
    }
  }

  @Test func `a page of another site changes nothing`() async throws {
    try await service.runWithBob { client, session in
      for path in ["/email", "/confirm_email", "/take_back_email"] {
        let response = try await client.send(
          .put, path, Encoding.json.body(["email": "new@me.com"]),
          headers: [.cookie: "__Host-session_id=\(session)", .init("Sec-Fetch-Site")!: "cross-site"])
        #expect(response.status == 403 && response.json["code"] == "cross_site", "\(path)")
      }
      try await service.deliverAll()
      #expect(mailbox.all.isEmpty)
    }
  }
}
