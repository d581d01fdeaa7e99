import AuthCore
import Testing

@Suite struct RegisterTests {
  @Test(arguments: Preset.allCases)
  func `registering gives the user, with the email in its letter case and a salted hash`(_ preset: Preset) async throws {
    let fixture = AuthFixture(preset)
    let user = try await fixture.registerBob()
    #expect(user.id == 1)
    #expect(user.email.text == "Bob@me.com")
    #expect(user.hashedPassword.text.hasPrefix("$2b$04$"))
    #expect(user.sessionID == nil)
    #expect(user.resetToken == nil)
    #expect(try await fixture.bob == user)
  }

  @Test(arguments: Preset.allCases)
  func `while registration is closed no account is created, and nothing is hashed`(_ preset: Preset) async throws {
    let fixture = AuthFixture(preset)
    let hasher = CountingHasher()
    var policy = preset.policy
    policy.registration = .closed
    let auth = fixture.sharing(policy: policy, hasher: hasher)
    for email in [AuthFixture.email, ""] {
      await #expect(throws: AuthError.registrationClosed) {
        try await auth.register(email: email, password: AuthFixture.password)
      }
    }
    await #expect(throws: StoreError.noResultFound) { try await fixture.bob }
    #expect(hasher.count == .init())
  }

  @Test func `an account that exists logs in while registration is closed`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    var policy = AuthPolicy.classic
    policy.registration = .closed
    let auth = fixture.sharing(policy: policy, hasher: BcryptHasher.fast)
    #expect(try await auth.validLogin(email: AuthFixture.email, password: AuthFixture.password))
  }

  @Test func `ids count from 1`() async throws {
    let auth = AuthFixture(.classic).auth
    for id in 1...3 {
      #expect(try await auth.register(email: "user\(id)", password: "xxxx").id == User.ID(id))
    }
  }

  @Test(arguments: Preset.allCases, ["Bob@me.com", "bob@me.com", "BOB@ME.COM"])
  func `an email is registered once, in whatever ASCII letter case`(_ preset: Preset, _ email: String) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let before = try await fixture.bob
    await #expect(throws: AuthError.userExists(email: email)) {
      try await fixture.auth.register(email: email, password: AuthFixture.otherPassword)
    }
    #expect(try await fixture.bob == before)
  }

  @Test func `the error for a registered email names it as the specification does`() {
    #expect("\(AuthError.userExists(email: "me@me.com"))" == "User me@me.com already exists")
  }

  @Test(arguments: ["\u{131}@x", "e\u{301}@x", "bob@me.com ", " bob@me.com"])
  func `under classic an email that is alike is another account`(_ email: String) async throws {
    let fixture = AuthFixture(.classic)
    for other in ["i@x", "\u{e9}@x", "bob@me.com"] { _ = try await fixture.auth.register(email: other, password: "xxxx") }
    #expect(try await fixture.auth.register(email: email, password: "xxxx").id == 4)
  }

  @Test(arguments: [
    ("", EmailProblem.empty), (String(repeating: "x", count: 251), .tooLong(bytes: 251)), ("a\nb", .controlCharacter),
  ])
  func `a text that is not an email is refused, and hashes nothing`(_ email: String, _ problem: EmailProblem) async throws {
    let hasher = CountingHasher()
    let fixture = AuthFixture(.classic)
    await #expect(throws: AuthError.invalidEmail(problem)) {
      try await fixture.sharing(policy: .classic, hasher: hasher).register(email: email, password: "xxxx")
    }
    #expect(hasher.count == .init())
    await #expect(throws: StoreError.noResultFound) { try await fixture.bob }
  }

  @Test(arguments: ["x", "xxxx", " ", "\0", "bob@me.com", String(repeating: "x", count: 4096)])
  func `under classic any password but the empty one will do`(_ password: String) async throws {
    let auth = AuthFixture(.classic).auth
    _ = try await auth.register(email: "bob@me.com", password: password)
    #expect(try await auth.validLogin(email: "bob@me.com", password: password))
  }

  @Test(arguments: Preset.allCases)
  func `the empty password and one over 4096 bytes are refused`(_ preset: Preset) async throws {
    let auth = AuthFixture(preset).auth
    await #expect(throws: AuthError.invalidPassword(.empty)) {
      try await auth.register(email: "bob@me.com", password: "")
    }
    await #expect(throws: AuthError.invalidPassword(.tooLong(bytes: 4097))) {
      try await auth.register(email: "bob@me.com", password: String(repeating: "x", count: 4097))
    }
    #expect(try await auth.register(email: "bob@me.com", password: AuthFixture.password).id == 1)
  }

  @Test func `of many registrations of one email at once exactly one succeeds`() async throws {
    let fixture = AuthFixture(.classic)
    let ids = try await withThrowingTaskGroup(of: User.ID?.self) { group in
      for index in 0..<40 {
        let email = index.isMultiple(of: 2) ? "bob@me.com" : "BOB@me.com"
        group.addTask {
          do throws(AuthError) {
            return try await fixture.auth.register(email: email, password: "password \(index)").id
          } catch .userExists {
            return nil
          }
        }
      }
      return try await group.reduce(into: [User.ID]()) { ids, id in if let id { ids.append(id) } }
    }
    #expect(ids == [1])
    await #expect(throws: StoreError.noResultFound) { try await fixture.store.findUser(by: .id(2)) }
  }
}
