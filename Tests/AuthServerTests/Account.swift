import NIOHTTP1
import Testing

/// An account as its owner knows it: what was answered is certain, and the one request that was under way when the server died
/// may have happened or not.
struct Account: Sendable {
  private enum Session { case none, open(String), ended(String), unknown }
  private enum Token { case none, valid(String), used(String), unknown }

  let email: String
  private var isRegistered = false
  private var passwords = ["first"]
  private var session = Session.none
  private var token = Token.none

  init(email: String) {
    self.email = email
  }

  /// Registers, logs in, resets the password, logs in and out; false as soon as there is no answer, or one that says nothing of
  /// what happened.
  mutating func use(with client: Client, onAnswer: () async -> Void) async -> Bool {
    let client = CertainClient(client: client)
    do {
      try #require(await client.call(.POST, "/users", ["email": email, "password": passwords[0]]).status == 200)
      isRegistered = true
      await onAnswer()

      session = .unknown
      session = .open(try await logIn(client))
      await onAnswer()

      token = .unknown
      let issued = try #require(
        try await client.call(.POST, "/reset_password", ["email": email]).json["reset_token"])
      token = .valid(issued)
      await onAnswer()

      // Some keep their token, to be used after the crash.
      if Bool.random() {
        passwords.append("second")
        token = .unknown
        let update = ["email": email, "reset_token": issued, "new_password": "second"]
        #expect(try await client.call(.PUT, "/reset_password", update).status == 200)
        passwords = ["second"]
        token = .used(issued)
        await onAnswer()
      }

      if Bool.random(), case .open(let open) = session {
        session = .unknown
        #expect(try await client.call(.DELETE, "/sessions", cookie: open).status == 302)
        session = .ended(open)
        await onAnswer()
      }
      return true
    } catch {
      return false
    }
  }

  /// Holds the server to everything that is certain.
  func check(with client: Client) async throws {
    switch session {
    case .open(let id): #expect(try await client.call(.GET, "/profile", cookie: id).json == ["email": email])
    case .ended(let id): #expect(try await client.call(.GET, "/profile", cookie: id).status == 403)
    case .none, .unknown: break
    }

    if isRegistered {
      var statuses: [UInt] = []
      for password in passwords {
        statuses.append(try await client.call(.POST, "/sessions", ["email": email, "password": password]).status)
      }
      // Of the old password and the new one exactly one is in force, whether or not the update happened.
      #expect(statuses.filter { $0 == 200 }.count == 1, "\(email): \(statuses)")
    }
    let again = try await client.call(.POST, "/users", ["email": email, "password": "first"]).status
    #expect(isRegistered ? again == 400 : [200, 400].contains(again))

    switch token {
    case .valid(let text): #expect(try await use(text, client) == 200)
    case .used(let text): #expect(try await use(text, client) == 403)
    case .none, .unknown: break
    }
  }

  private func use(_ token: String, _ client: Client) async throws -> UInt {
    try await client.call(
      .PUT, "/reset_password", ["email": email, "reset_token": token, "new_password": "third"]
    ).status
  }

  private func logIn(_ client: CertainClient) async throws -> String {
    try #require(try await client.call(.POST, "/sessions", ["email": email, "password": passwords[0]]).sessionID)
  }
}

/// A client who does not take 503 for an answer: the change may have been made or not.
private struct CertainClient {
  struct NoAnswer: Error {}

  let client: Client

  func call(_ method: HTTPMethod, _ path: String, _ fields: [String: String] = [:], cookie: String? = nil) async throws
    -> Client.Answer
  {
    let answer = try await client.call(method, path, fields, cookie: cookie)
    guard answer.status != 503 else { throw NoAnswer() }
    return answer
  }
}
