import AuthCore
import AuthTesting
import HTTPTypes
import Testing

@Suite struct RegistrationTests {
  @Test func `a registration returns the email`() async throws {
    try await withService { client in
      let response = try await client.register("bob@me.com", "mySuperPwd")
      #expect(response.status == 200)
      #expect(response.text == #"{"email":"bob@me.com","message":"user created"}"# + "\n")
    }
  }

  @Test func `an email can be registered once`() async throws {
    try await withService { client in
      _ = try await client.register("bob@me.com", "mySuperPwd")
      let response = try await client.register("bob@me.com", "another")
      #expect(response.status == 400)
      #expect(response.text == #"{"message":"email already registered"}"# + "\n")
      #expect(try await client.logIn("bob@me.com", "another").status == 401)
      #expect(try await client.logIn("bob@me.com", "mySuperPwd").status == 200)
    }
  }

  @Test func `an email in other ASCII letter case is the same account`() async throws {
    try await withService { client in
      _ = try await client.register("bob@me.com", "mySuperPwd")
      #expect(try await client.register("BOB@me.com", "x").json == ["message": "email already registered"])
      #expect(try await client.register("rob@me.com", "x").status == 200)
    }
  }

  @Test func `letters beyond ASCII keep their case`() async throws {
    try await withService { client in
      for email in ["\u{E9}@me.com", "\u{C9}@me.com", "e\u{301}@me.com"] {
        let response = try await client.register(email, "x")
        #expect(response.status == 200)
      }
    }
  }

  @Test(arguments: [("xxxx", "xxxx"), ("1", "2"), (" ", " "), ("not an address", "\0"), ("a@b", "a@b")])
  func `under classic any text is an email and a password`(email: String, password: String) async throws {
    try await withService { client in
      let registered = try await client.register(email, password)
      #expect(registered.json["email"] == email)
      #expect(try await client.logIn(email, password).json["email"] == email)
    }
  }

  @Test(arguments: Encoding.allCases)
  func `an empty email is refused`(encoding: Encoding) async throws {
    let store = InMemoryStore()
    try await withService(store: store) { client in
      let response = try await client.register("", "mySuperPwd", as: encoding)
      #expect(response.status == 400)
      #expect(response.message == "email: the email must not be empty")
    }
    #expect(await store.isEmpty())
  }

  @Test(arguments: Encoding.allCases)
  func `an empty password is refused`(encoding: Encoding) async throws {
    let store = InMemoryStore()
    try await withService(store: store) { client in
      let response = try await client.register("bob@me.com", "", as: encoding)
      #expect(response.status == 400)
      #expect(response.message == "password: the password must not be empty")
    }
    #expect(await store.isEmpty())
  }

  @Test(arguments: Encoding.allCases)
  func `every hostile email is an account of its own, and is returned unchanged`(encoding: Encoding) async throws {
    try await withService { client in
      for email in HostileText.emails {
        let response = try await client.register(email, "x", as: encoding)
        #expect(response.status == 200, "\(email.debugDescription)")
        #expect(response.json["email"]?.utf8.elementsEqual(email.utf8) == true, "\(email.debugDescription)")
      }
    }
  }
}
