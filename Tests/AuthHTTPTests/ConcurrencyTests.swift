import AuthCore
import HTTPTypes
import Testing

/// The rules hold for simultaneous requests.
@Suite struct ConcurrencyTests {
  @Test func `of many registrations of one email exactly one succeeds`() async throws {
    try await withService { client in
      let responses = try await together(24) { index in
        try await client.register(index.isMultiple(of: 2) ? "bob@bob.com" : "BOB@bob.com", "password \(index)")
      }
      let winners = responses.filter { $0.response.status == 200 }
      #expect(winners.count == 1)
      for loser in responses where loser.response.status != 200 {
        #expect(loser.response.status == 400)
        #expect(loser.response.json == ["message": "email already registered"])
      }
      for (index, response) in responses {
        #expect(try await client.logIn("bob@bob.com", "password \(index)").status == (response.status == 200 ? 200 : 401))
      }
    }
  }

  @Test func `registrations of different emails all succeed`() async throws {
    try await withService { client in
      let responses = try await together(24) { try await client.register("user\($0)@bob.com", "x") }
      #expect(responses.allSatisfy { $0.response.json["email"] == "user\($0.index)@bob.com" })
    }
  }

  @Test func `of many uses of one token exactly one succeeds`() async throws {
    try await withService { client in
      _ = try await client.register("bob@bob.com", "old")
      let token = try await client.resetToken("bob@bob.com")
      let responses = try await together(24) { try await client.updatePassword("bob@bob.com", token, "password \($0)") }
      #expect(responses.count { $0.response.status == 200 } == 1)
      #expect(responses.count { $0.response.status == 403 } == 23)
      for (index, response) in responses {
        #expect(try await client.logIn("bob@bob.com", "password \(index)").status == (response.status == 200 ? 200 : 401))
      }
    }
  }

  @Test func `of many logins of one user all succeed, and one session stays`() async throws {
    try await withService { client in
      _ = try await client.register("bob@bob.com", "x")
      let responses = try await together(24) { _ in try await client.logIn("bob@bob.com", "x") }
      #expect(responses.allSatisfy { $0.response.status == 200 })
      let ids = Set(responses.compactMap { $0.response.cookie?.value })
      #expect(ids.count == 24)
      var open = 0
      for id in ids where try await client.profile(id).status == 200 { open += 1 }
      #expect(open == 1)
    }
  }

  @Test func `of many logouts of one session exactly one succeeds`() async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "x")
      let responses = try await together(24) { _ in try await client.logOut(session) }
      #expect(responses.count { $0.response.status == 302 } == 1)
      #expect(responses.count { $0.response.status == 403 } == 23)
    }
  }

  @Test func `of many tokens that one user requests at once one is valid`() async throws {
    try await withService { client in
      _ = try await client.register("bob@bob.com", "old")
      let responses = try await together(24) { _ in try await client.requestReset("bob@bob.com") }
      let tokens = Set(responses.compactMap { $0.response.json["reset_token"] })
      #expect(tokens.count == 24)
      var valid = 0
      for token in tokens where try await client.updatePassword("bob@bob.com", token, "new").status == 200 { valid += 1 }
      #expect(valid == 1)
    }
  }

  /// Sends all the requests before it waits for the first response.
  private func together(
    _ count: Int, _ request: @escaping @Sendable (Int) async throws -> ClientResponse
  ) async throws -> [(index: Int, response: ClientResponse)] {
    try await withThrowingTaskGroup(of: (index: Int, response: ClientResponse).self) { group in
      for index in 0..<count { group.addTask { (index, try await request(index)) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }
}
