import AuthCore
import Testing

/// `findUser` and `updateUser` with attribute names that come as text, and their two errors: nothing found, and invalid request.
@Suite struct AttributeTextTests {
  private static func isInvalidRequest(_ body: () throws(StoreError) -> Void) -> Bool {
    do {
      try body()
      return false
    } catch {
      guard case .invalidRequest = error else { return false }
      return true
    }
  }

  @Test(arguments: ["id": "1", "email": "BOB@me.com", "session_id": nil, "reset_token": nil])
  func `a user is found by the text of an attribute`(_ name: String, _ value: String?) async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    #expect(try await fixture.store.findUser(by: User.Filter(name: name, value: value)).id == 1)
  }

  @Test func `a user is found by the stored hash and digests`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let sessionID = try await fixture.logInBob().sessionID
    let token = try await fixture.resetTokenForBob()
    let hash = try await fixture.bob.hashedPassword
    let texts = ["hashed_password": hash.text, "session_id": sessionID.digest.hex, "reset_token": token.digest.hex]
    for (name, value) in texts {
      #expect(try await fixture.store.findUser(by: User.Filter(name: name, value: value)).id == 1)
    }
  }

  @Test(arguments: ["id": "2", "email": "eve@me.com", "hashed_password": "x", "session_id": "x", "reset_token": "x"])
  func `an attribute that no user has is an error of its own`(_ name: String, _ value: String) async throws {
    let store = try await AuthFixture.withBob(.classic).store
    let filter = try User.Filter(name: name, value: value)
    await #expect(throws: StoreError.noResultFound) { try await store.findUser(by: filter) }
  }

  @Test func `all filters have to match, and the first matching user is found`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let eve = try await fixture.auth.register(email: "eve@me.com", password: "xxxx")
    #expect(try await fixture.store.findUser(by: .sessionID(nil)).id == 1)
    #expect(try await fixture.store.findUser(by: .sessionID(nil), .email(eve.email)).id == 2)
    await #expect(throws: StoreError.noResultFound) {
      try await fixture.store.findUser(by: .id(1), .email(eve.email))
    }
  }

  @Test(
    arguments: [
      ("no_email", "bob@me.com"), ("", "x"), ("Email", "bob@me.com"), ("email ", "bob@me.com"), ("password", "x"),
      ("id", "one"), ("id", ""), ("id", "1.0"), ("id", " 1"), ("id", nil), ("email", nil), ("email", ""),
      ("hashed_password", nil), ("hashed_password", "a\0b"),
    ] as [(String, String?)])
  func `a filter that does not exist or can never match is an invalid request`(_ name: String, _ value: String?) {
    #expect(Self.isInvalidRequest { () throws(StoreError) in _ = try User.Filter(name: name, value: value) })
  }

  @Test(
    arguments: [
      ("no_email", "x"), ("", nil), ("Email", "x@y"), ("password", "x"), ("id", "2"), ("id", nil), ("email", nil),
      ("email", ""), ("email", "a\nb"), ("hashed_password", nil), ("hashed_password", "a\0b"), ("session_id", "x"),
      ("reset_token", "x"),
    ] as [(String, String?)])
  func `a change that does not exist or is impossible is an invalid request`(_ name: String, _ value: String?) {
    #expect(Self.isInvalidRequest { () throws(StoreError) in _ = try User.Change(name: name, value: value) })
  }

  @Test func `an invalid request does not repeat the value`() {
    for name in ["session_id", "reset_token", "s3cr3t"] {
      #expect(throws: StoreError.self) { try User.Change(name: name, value: "s3cr3t") }
      do { _ = try User.Change(name: name, value: "s3cr3t") } catch { #expect(!error.description.contains("s3cr3t")) }
    }
  }

  @Test func `an attribute is changed by name and text`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let sessionID = try await fixture.logInBob().sessionID
    _ = try await fixture.resetTokenForBob()
    let texts: KeyValuePairs = ["email": "bob@you.com", "hashed_password": "new", "session_id": nil, "reset_token": nil]
    for (name, value) in texts {
      try await fixture.store.updateUser(1, User.Change(name: name, value: value))
    }
    let email = try Email("bob@you.com")
    #expect(try await fixture.bob == User(id: 1, email: email, hashedPassword: PasswordHash("new")))
    #expect(try await fixture.auth.getUserFromSessionID(sessionID) == nil)
  }

  @Test func `if one change of a call is impossible, none is made`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let eve = try await fixture.auth.register(email: "eve@me.com", password: "xxxx")
    let before = try await fixture.bob
    await #expect(throws: StoreError.emailTaken) {
      try await fixture.store.updateUser(1, .hashedPassword(PasswordHash("new")), .email(eve.email))
    }
    #expect(try await fixture.bob == before)
    await #expect(throws: StoreError.noResultFound) { try await fixture.store.updateUser(3, .endSessions) }
  }
}
