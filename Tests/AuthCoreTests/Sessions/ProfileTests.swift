import AuthCore
import AuthTesting
import Testing

/// Who is there, for those who need no more than id and address.
@Suite struct ProfileTests {
  private static let day = Duration.seconds(86400)

  @Test(arguments: Preset.allCases)
  func `a session's profile has the user's id and email`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let sessionID = try await fixture.logInBob().sessionID
    let profile = try #require(try await fixture.auth.profile(for: sessionID))
    #expect(try await profile == fixture.bob.profile)
    #expect(profile.email.text == "Bob@me.com")
  }

  @Test(arguments: Preset.allCases)
  func `nil, an empty id, an unknown one, a stored one and a reset token have none`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let stored = try await fixture.logInBob().sessionID.digest.hex
    let token = try await fixture.resetTokenForBob().text
    for other in [nil, "", "x", stored, token] {
      #expect(try await fixture.auth.profile(for: other.map(SessionID.init)) == nil)
    }
  }

  @Test(arguments: Preset.allCases)
  func `after a logout there is none`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let sessionID = try await fixture.logInBob().sessionID
    try await fixture.auth.logOut(sessionID, from: .unknown)
    #expect(try await fixture.auth.profile(for: sessionID) == nil)
  }

  @Test func `under strict asking is use, and without it the session ends after 7 days`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    for _ in 1...2 {
      fixture.clock.advance(by: Self.day * 7 - .seconds(1))
      #expect(try await fixture.auth.profile(for: sessionID)?.id == 1)
    }
    fixture.clock.advance(by: Self.day * 7)
    #expect(try await fixture.auth.profile(for: sessionID) == nil)
  }

  @Test func `a store that cannot record the use still says who it is`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    let store = InterceptingStore(fixture.store, failing: .touchSession)
    let auth = Auth(policy: .strict, store: store, hasher: BcryptHasher.fast, clock: fixture.clock)
    fixture.clock.advance(by: Self.day)
    #expect(try await auth.profile(for: sessionID)?.id == 1)
  }
}
