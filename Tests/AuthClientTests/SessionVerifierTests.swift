import AuthClient
import AuthCore
import AuthTesting
import Testing

/// What every `SessionVerifier` promises, over an `Auth` and over an `AuthClient` of its server.
@Suite(.timeLimit(.minutes(10))) struct SessionVerifierTests {
  @Test(arguments: Setup.all)
  func `it knows whose session an id is`(setup: Setup) async throws {
    try await setup.run { auth, verifier in
      let login = try await auth.registerAndLogIn()
      #expect(try await verifier.profile(for: login.sessionID) == login.user.profile)
      let details = try #require(try await verifier.details(for: login.sessionID))
      #expect(details.user == login.user.profile)
      #expect(details.expiresAt == login.expiresAt)
      #expect(details.authenticatedAt == details.createdAt)
      #expect(details.methods == [.password])
    }
  }

  @Test(arguments: Setup.all)
  func `an id that is not one is no one's`(setup: Setup) async throws {
    try await setup.run { auth, verifier in
      let login = try await auth.registerAndLogIn()
      let ids = [
        nil, "", "nope", " ", "a b", "é", "a\r\nX-Evil: 1", String(repeating: "x", count: 100_000), login.sessionID.digest.hex,
        login.sessionID.text + " ", login.sessionID.text.uppercased() + "x",
      ]
      for id in ids {
        #expect(try await verifier.profile(for: id.map(SessionID.init)) == nil)
      }
      for id in ids {
        #expect(try await verifier.details(for: id.map(SessionID.init)) == nil)
      }
    }
  }

  @Test(arguments: Setup.all)
  func `a logout counts at once`(setup: Setup) async throws {
    try await setup.run { auth, verifier in
      let login = try await auth.registerAndLogIn()
      #expect(try await verifier.profile(for: login.sessionID) != nil)
      _ = try await auth.logOut(login.sessionID, from: .unknown)
      #expect(try await verifier.profile(for: login.sessionID) == nil)
      #expect(try await verifier.details(for: login.sessionID) == nil)
    }
  }

  @Test(arguments: Setup.all)
  func `a store that does not respond is an error, not a no`(setup: Setup) async throws {
    let store = InterceptingStore()
    try await setup.run(store: store) { auth, verifier in
      let login = try await auth.registerAndLogIn()
      store.fail(.all)
      for _ in 1...3 {
        await #expect(throws: AuthError.self) { try await verifier.profile(for: login.sessionID) }
        await #expect(throws: AuthError.self) { try await verifier.details(for: login.sessionID) }
      }
      store.recover()
      #expect(try await verifier.profile(for: login.sessionID) == login.user.profile)
    }
  }

  @Test func `a server under classic is an error that says so`() async throws {
    try await Setup.remote(.classic).run { auth, verifier in
      let login = try await auth.registerAndLogIn()
      let error = await #expect(throws: AuthError.self) { try await verifier.profile(for: login.sessionID) }
      #expect(error.map { "\($0)".contains("AuthClient needs strict") } == true)
    }
  }
}
