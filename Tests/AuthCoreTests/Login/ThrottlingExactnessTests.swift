import AuthCore
import AuthTesting
import Testing

/// No guess too many is answered, however many come at once, and no answer tells what it should not by the work that it takes.
///
/// OWASP ASVS 5.0: 6.3.1.
@Suite struct ThrottlingExactnessTests {
  @Test func `of 60 wrong guesses at once exactly five are answered`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let guesses = try await atOnce(60) { index in
      try await fixture.auth.from("203.0.113.\(index)").guess("wrong \(index)")
    }
    #expect(guesses.count { $0 == .no } == 5)
    #expect(guesses.count { $0 == .throttled(after: .seconds(1)) } == 55)
  }

  @Test func `of 60 wrong guesses at once from one network exactly five are answered`() async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    let guesses = try await atOnce(60) { index in
      try await fixture.auth.from("203.0.113.7").guess(for: "user\(index)@me.com")
    }
    #expect(guesses.count { $0 == .no } == 5)
    #expect(guesses.count { $0 == .throttled(after: .seconds(1)) } == 55)
  }

  @Test(arguments: [0, 30, 59])
  func `the right password among many wrong ones is answered before the delay or not at all`(_ right: Int) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let guesses = try await atOnce(60) { index in
      try await fixture.auth.from(.unknown).guess { auth, client throws(AuthError) in
        let password = index == right ? AuthFixture.password : "wrong \(index)"
        return try await auth.logIn(email: AuthFixture.email, password: password, from: client).login != nil
      }
    }
    // Before the right one there may be four wrong ones, whose row it ends; after it there are five.
    let noes = guesses.count { $0 == .no }
    if guesses[right] == .yes { #expect((5...9).contains(noes)) } else { #expect(noes == 5) }
    #expect(try await fixture.auth.sessions(of: 1).count == (guesses[right] == .yes ? 1 : 0))
    #expect(guesses.count { $0 == .throttled(after: .seconds(1)) } == 60 - noes - (guesses[right] == .yes ? 1 : 0))
  }

  @Test func `a right password whose check ends after a delay began opens nothing`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let hasher = MeddlingHasher { _ = try? await fixture.auth.guess(times: 5) }
    let auth = fixture.sharing(policy: .strict, hasher: hasher)
    await #expect(throws: AuthError.throttled(retryAfter: .seconds(1))) {
      try await auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: .unknown).login
    }
    #expect(try await fixture.auth.sessions(of: 1).isEmpty)
  }

  @Test func `a delay that begins between the look and the count still refuses the right password`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await fixture.auth.guess(times: 4)
    let auth = fixture.intercepting { operation in
      if operation == .settle { _ = try? await fixture.auth.guess() }
    }
    #expect(try await auth.guess(AuthFixture.password) == .throttled(after: .seconds(1)))
  }

  @Test(arguments: Preset.allCases, [0, 4])
  func `right passwords are never refused, however many come at once`(_ preset: Preset, _ failures: Int) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let (auth, client) = (fixture.auth, Client.at("203.0.113.7"))
    try await auth.from(client).guess(times: failures)
    let logIns = try await atOnce(64) { _ in
      try await auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: client).login != nil
    }
    #expect(logIns == Array(repeating: true, count: 64))
    #expect(try await auth.sessions(of: 1).count == preset.policy.sessions.maximumPerUser)
  }

  @Test(arguments: [PasswordHasherError.overloaded(retryAfter: .seconds(3)), .cancelled])
  func `a check that the hasher did not make is no failure`(_ error: PasswordHasherError) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let client = Client.at("203.0.113.7")
    let refusing = fixture.sharing(policy: .strict, hasher: CountingHasher(error: error)).from(client)
    for _ in 1...10 {
      await #expect(throws: AuthError.self) { try await refusing.guess() }
      await #expect(throws: AuthError.self) { try await refusing.guess(for: "eve@me.com") }
    }
    #expect(try await Set(fixture.auth.from(client).guess(times: 4)) == [.no])
    #expect(try await fixture.auth.from(client).guess(AuthFixture.password) == .yes)
  }

  @Test(arguments: ["wrong", AuthFixture.password])
  func `a store that cannot count gives no answer`(_ password: String) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    try await fixture.auth.guess()
    let before = try await fixture.bob
    let unavailable = AuthError.unavailable("disk on fire")
    for client in [Client.unknown, .at("203.0.113.7")] {
      let auth = fixture.failing(.settle, .addSession)
      await #expect(throws: unavailable) { try await auth.validLogin(email: AuthFixture.email, password: password, from: client) }
      await #expect(throws: unavailable) { try await auth.logIn(email: AuthFixture.email, password: password, from: client) }
      await #expect(throws: unavailable) {
        try await auth.changePassword(sessionID: sessionID, current: password, new: AuthFixture.otherPassword, from: client)
      }
      await #expect(throws: unavailable) { try await auth.deleteUser(sessionID: sessionID, password: password, from: client) }
    }
    #expect(try await fixture.bob == before)
    #expect(try await fixture.auth.sessions(of: 1).count == 1)
  }

  @Test(arguments: [AuthFixture.email, "eve@me.com", "", "Bob@me.com\n"])
  func `a password is checked once, whether there is an account or a delay or neither`(_ email: String) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    for isDelayed in [false, true] {
      if isDelayed { try await fixture.auth.guess(times: 5, for: email) }
      for password in ["wrong", AuthFixture.password] {
        let hasher = CountingHasher()
        let auth = fixture.sharing(policy: .strict, hasher: hasher)
        #expect(try await auth.guess(password, for: email).isThrottled == isDelayed)
        #expect(hasher.count == .init(hashed: 0, verified: 1))
      }
    }
  }

  @Test(arguments: [AuthFixture.password, "wrong"])
  func `for a network in its delay no password is checked`(_ password: String) async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    let client = Client.at("203.0.113.7")
    try await fixture.auth.from(client).guess(times: 5, for: "eve@me.com")
    let hasher = CountingHasher()
    let auth = fixture.sharing(policy: .narrowNetworks, hasher: hasher)
    #expect(try await auth.from(client).guess(password).isThrottled)
    #expect(hasher.count == .init())
  }

  @Test(arguments: [false, true])
  func `the store is asked the same for an unknown email as for a wrong password`(isDelayed: Bool) async throws {
    let sequences = try await [AuthFixture.email, "eve@me.com"].asyncMap { email in
      let fixture = try await AuthFixture.withBob(.strict)
      if isDelayed { try await fixture.auth.guess(times: 5, for: email) }
      let operations = RecordedOperations()
      _ = try await fixture.intercepting { operations.append($0) }.from("203.0.113.7").guess(for: email)
      return operations.all
    }
    #expect(sequences[0] == sequences[1])
    #expect(sequences[0].contains(.settle))
  }
}
