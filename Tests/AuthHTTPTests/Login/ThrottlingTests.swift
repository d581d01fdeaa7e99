import AuthCore
import AuthHTTP
import AuthTesting
import HTTPTypes
import Testing

/// OWASP ASVS 5.0: 6.3.1. NIST SP 800-63B-4: 4.2.1.2.
@Suite struct ThrottlingTests {
  private static func behindProxy(_ policy: inout HTTPPolicy) {
    policy.trustedProxies = [IPNetwork("192.0.2.0/24")!, IPNetwork("2001:db8:ffff::/48")!]
  }

  @Test(arguments: [Strict.email, "nobody@me.com", "not an address"])
  func `from the fifth failure on delays grow, the same for emails without an account`(email: String) async throws {
    let clock = ManualClock()
    try await withService(.strict, clock: clock, adjusting: Self.behindProxy) { client in
      _ = try await client.register(Strict.email, Strict.password)
      // From a new network each time: this is about the email.
      var networks = (1...).lazy.map { "198.51.100.\($0)" }.makeIterator()
      for _ in 1...5 { #expect(try await client.logIn(email, "wrong", from: networks.next()!).status == 401) }
      for delay in [1, 2, 4, 8] {
        for password in ["wrong", Strict.password] {
          let delayed = try await client.logIn(email.uppercased(), password, from: networks.next()!)
          #expect(delayed.status == 429)
          #expect(delayed.headers[.retryAfter] == "\(delay)")
          #expect(delayed.message == "too many attempts, try again in \(delay) s")
          #expect(delayed.cookie == nil)
        }
        clock.advance(by: .seconds(delay))
        #expect(try await client.logIn(email, "wrong", from: networks.next()!).status == 401)
      }
      clock.advance(by: .seconds(16))
      #expect(try await client.logIn(Strict.email, Strict.password, from: networks.next()!).status == 200)
    }
  }

  @Test func `failures with many emails delay their network, but nobody who has logged in there or has a session`() async throws {
    let clock = ManualClock()
    try await withService(.narrowNetworks, clock: clock, adjusting: Self.behindProxy) { client in
      _ = try await client.register(Strict.email, Strict.password)
      let (here, there) = ("198.51.100.7", "198.51.100.8")
      for index in 1...5 { #expect(try await client.logIn("\(index)@me.com", "wrong", from: here).status == 401) }
      let delayed = try await client.logIn(Strict.email, Strict.password, from: here)
      #expect(delayed.status == 429)
      #expect(delayed.headers[.retryAfter] == "1")
      let elsewhere = try await client.logIn(Strict.email, Strict.password, from: there)
      #expect(elsewhere.status == 200)
      #expect(try await client.logIn(Strict.email, Strict.password, from: here, in: elsewhere.cookie?.value).status == 200)
      #expect(try await client.logIn(Strict.email, Strict.password, from: here).status == 200)
      #expect(try await client.logIn("6@me.com", "wrong", from: here).status == 429)
    }
  }

  @Test(arguments: [
    // Entries that the client wrote itself stand on the left.
    "203.0.113.9, 198.51.100.7", "garbage, 198.51.100.7", "198.51.100.7:4711", "203.0.113.9,198.51.100.7, 192.0.2.9",
    "::ffff:198.51.100.7", "203.0.113.9, [::ffff:198.51.100.7]:99, 2001:db8:ffff::1",
  ])
  func `the client is the last IP address that trusted proxies vouch for`(forwardedFor: String) async throws {
    try await withService(.narrowNetworks, clock: ManualClock(), adjusting: Self.behindProxy) { client in
      for index in 1...5 { _ = try await client.logIn("\(index)@me.com", "wrong", from: "198.51.100.7") }
      #expect(try await client.logIn("6@me.com", "wrong", from: forwardedFor).status == 429)
    }
  }

  @Test func `without trusted proxies X-Forwarded-For is ignored`() async throws {
    try await withService(.narrowNetworks, clock: ManualClock()) { client in
      var statuses: [Int] = []
      for index in 1...6 { statuses.append(try await client.logIn("\(index)@me.com", "x", from: "198.51.100.\(index)").status) }
      #expect(statuses == [401, 401, 401, 401, 401, 429])
    }
  }

  @Test func `an entry that is not an IP address ends the list`() async throws {
    try await withService(.narrowNetworks, clock: ManualClock(), adjusting: Self.behindProxy) { client in
      for index in 1...5 { _ = try await client.logIn("\(index)@me.com", "x", from: "203.0.113.\(index), unknown") }
      #expect(try await client.logIn("6@me.com", "x", from: "203.0.113.6, unknown").status == 429)
    }
  }

  @Test
  func `under classic an email is refused after a hundred failures in a row, until the delay ends or the password is reset`()
    async throws
  {
    let clock = ManualClock()
    try await withService(.classic, clock: clock) { client in
      _ = try await client.register(Strict.email, "x")
      for _ in 1...99 { #expect(try await client.logIn(Strict.email, "wrong").status == 401) }
      #expect(try await client.logIn(Strict.email, "x").status == 200)
      for _ in 1...100 { #expect(try await client.logIn(Strict.email, "wrong").status == 401) }
      let delayed = try await client.logIn(Strict.email, "x")
      #expect(delayed.status == 429)
      #expect(delayed.headers[.retryAfter] == "900")
      #expect(try await client.logIn("eve@me.com", "x").status == 401)
      let token = try await client.resetToken(Strict.email)
      #expect(try await client.updatePassword(Strict.email, token, "y").status == 200)
      #expect(try await client.logIn(Strict.email, "y").status == 200)
    }
  }

  @Test func `reset requests are limited for each email, known or not, and lock no one out`() async throws {
    try await withService(.strict, clock: ManualClock()) { client in
      _ = try await client.register(Strict.email, Strict.password)
      for email in [Strict.email, "nobody@me.com"] {
        for _ in 1...5 { #expect(try await client.requestReset(email).status == 200) }
        let refused = try await client.requestReset(email)
        #expect(refused.status == 429)
        #expect(refused.headers[.retryAfter] == "300")
      }
      #expect(try await client.logIn(Strict.email, Strict.password).status == 200)
    }
  }

  @Test func `wrong tokens and codes delay their network, where right ones are refused, too, and stay valid`() async throws {
    let (clock, key) = (ManualClock(), ServiceKey(String(repeating: "k", count: 32))!)
    try await withService(.strict, clock: clock, serviceKeys: [key], adjusting: Self.behindProxy) { client in
      _ = try await client.register(Strict.email, Strict.password)
      let issued = try await client.send(
        .post, "/reset_password", Encoding.json.body(["email": Strict.email]),
        headers: [.authorization: "Bearer \(key.text)"])
      let reset: KeyValuePairs = [
        "email": Strict.email, "reset_token": try #require(issued.json["reset_token"]), "new_password": Strict.otherPassword,
      ]
      let wrong: [(path: String, fields: KeyValuePairs<String, String>)] = [
        ("/reset_password", ["email": Strict.email, "reset_token": "x", "new_password": Strict.otherPassword]),
        ("/take_back_email", ["take_back_token": "x", "new_password": Strict.otherPassword]),
        ("/confirm_email", ["email_change_token": "x", "password": "y"]),
        ("/confirm_recovery_email", ["recovery_email_token": "x", "password": "y"]),
        ("/verify_email", ["verification_token": "x", "password": "y"]),
        ("/verify_email", ["registration": "x", "code": "y"]),
      ]
      let put: @Sendable (String, KeyValuePairs<String, String>, String) async throws -> ClientResponse = {
        try await client.send(.put, $0, Encoding.json.body($1), headers: [.init("X-Forwarded-For")!: $2])
      }
      let (here, there) = ("198.51.100.7", "198.51.100.8")
      for index in 0..<100 {
        let (path, fields) = wrong[index % wrong.count]
        #expect(try await put(path, fields, here).status == 403)
      }
      for (path, fields) in wrong + [("/reset_password", reset)] {
        let delayed = try await put(path, fields, here)
        #expect(delayed.status == 429 && delayed.json["code"] == "throttled", "\(path)")
        #expect(delayed.headers[.retryAfter] == "1")
      }
      #expect(try await put(wrong[0].path, wrong[0].fields, there).status == 403)
      clock.advance(by: .seconds(1))
      #expect(try await put("/reset_password", reset, here).status == 200)
    }
  }
}
