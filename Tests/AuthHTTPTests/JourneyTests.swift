import HTTPTypes
import Testing

@Suite struct JourneyTests {
  /// Task 20 of the specification, with its emails and passwords.
  @Test func `the journey of the specification works from end to end`() async throws {
    try await withService { client in
      let (email, password, newPassword) = ("guillaume@holberton.io", "b4l0u", "t4rt1fl3tt3")

      let registered = try await client.register(email, password)
      #expect(registered.status == 200)
      #expect(registered.json == ["email": email, "message": "user created"])

      #expect(try await client.logIn(email, newPassword).status == 401)
      #expect(try await client.send(.get, "/profile").status == 403)

      let loggedIn = try await client.logIn(email, password)
      #expect(loggedIn.json == ["email": email, "message": "logged in"])
      let sessionID = try #require(loggedIn.cookie).value
      #expect(try await client.profile(sessionID).json == ["email": email])

      let loggedOut = try await client.logOut(sessionID)
      let home = try await client.send(.get, try #require(loggedOut.headers[.location]))
      #expect(home.json == ["message": "Bienvenue"])

      let reset = try await client.requestReset(email)
      let token = try #require(reset.json["reset_token"])
      #expect(reset.json == ["email": email, "reset_token": token])
      let updated = try await client.updatePassword(email, token, newPassword)
      #expect(updated.status == 200)
      #expect(updated.json == ["email": email, "message": "Password updated"])

      #expect(try await client.logIn(email, password).status == 401)
      #expect(try await client.logIn(email, newPassword).status == 200)
    }
  }
}
