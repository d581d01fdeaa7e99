import AuthCore
import AuthTesting
import Testing

/// Someone prepares an account for an email that they do not read, before or after its owner (Sudhodanan and Paverd,
/// "Pre-hijacked accounts", USENIX Security 2022).
@Suite struct PreHijackingTests {
  /// What an attacker does with the account while the owner has not verified the email.
  enum Preparation: CaseIterable {
    case nothing, logsIn, changesPassword, asksForEmail, asksForReset, asksForVerification
  }

  private let scene = UnverifiedScene()
  private var auth: Auth { scene.auth }
  private let client = UnverifiedScene.client

  /// Prepares the account, and returns the session of the attacker and the link that they got at an email of theirs.
  private func prepare(_ preparation: Preparation) async throws -> (sessionID: SessionID?, link: EmailChangeToken?) {
    guard preparation != .nothing else { return (nil, nil) }
    let sessionID = try #require(try await scene.logIn(UnverifiedScene.theirs)).sessionID
    switch preparation {
    case .nothing, .logsIn: return (sessionID, nil)
    case .changesPassword:
      let session = try await auth.changePassword(
        sessionID: sessionID, current: UnverifiedScene.theirs, new: AuthFixture.otherPassword, from: client)
      return (session.sessionID, nil)
    case .asksForEmail:
      try await auth.requestEmailChange(sessionID: sessionID, to: "theirs@evil.org", from: client)
      return (sessionID, try await scene.deliverAll().compactMap(\.emailChallenge?.token).last)
    case .asksForReset:
      try await auth.requestPasswordReset(email: AuthFixture.email, from: client)
      #expect(try await scene.deliverAll().allSatisfy { $0.kind != .passwordReset })
      return (sessionID, nil)
    case .asksForVerification:
      // The message goes to the owner.
      try await auth.requestEmailChange(sessionID: sessionID, to: AuthFixture.email, from: client)
      return (sessionID, try await scene.deliverAll().compactMap(\.emailChallenge?.token).last)
    }
  }

  @Test(arguments: Preparation.allCases)
  func `nothing that was prepared before the owner came reaches the owner's account`(_ preparation: Preparation) async throws {
    let attackers = try await scene.openAndDeliver(AuthFixture.email, UnverifiedScene.theirs)
    let prepared = try await prepare(preparation)
    let owners = try await scene.openAndDeliver()
    #expect(owners.registration.user == nil)
    let user = try await scene.verify(owners.challenge.token)
    #expect(user.id == 2)
    #expect(try await auth.profile(for: prepared.sessionID) == nil)
    for password in [UnverifiedScene.theirs, AuthFixture.otherPassword] { #expect(try await scene.logIn(password) == nil) }
    if let link = prepared.link {
      await #expect(throws: AuthError.invalidVerification) {
        try await auth.confirmEmailChange(token: link, password: UnverifiedScene.theirs, from: client)
      }
    }
    await #expect(throws: AuthError.invalidVerification) {
      try await scene.verify(attackers.challenge.token, UnverifiedScene.theirs)
    }
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.verifyEmail(code: attackers.challenge.code, of: attackers.registration.id, from: client)
    }
    #expect(try await scene.logIn()?.user.id == 2)
    #expect(scene.events.all.filter { $0.kind == .userDeleted }.map(\.userID) == [1])
  }

  @Test func `an owner who comes first keeps the account, whatever others register`() async throws {
    let owners = try await scene.openAndDeliver()
    let sessionID = try #require(try await scene.logIn()).sessionID
    let attackers = try await scene.openAndDeliver(AuthFixture.email, UnverifiedScene.theirs)
    #expect(attackers.registration.user == nil)
    #expect(try await scene.logIn(UnverifiedScene.theirs) == nil)
    // The owner follows the link of the wrong message.
    await #expect(throws: AuthError.wrongPassword) { try await scene.verify(attackers.challenge.token) }
    #expect(try await scene.verify(owners.challenge.token).id == 1)
    #expect(try await auth.profile(for: sessionID)?.id == 1)
    await #expect(throws: AuthError.invalidVerification) {
      try await scene.verify(attackers.challenge.token, UnverifiedScene.theirs)
    }
    await #expect(throws: AuthError.userExists(email: AuthFixture.email)) {
      try await scene.open(AuthFixture.email, UnverifiedScene.theirs)
    }
  }

  @Test func `an attacker who takes the account to an email of theirs leaves the owner's free`() async throws {
    try await scene.open(AuthFixture.email, UnverifiedScene.theirs)
    let prepared = try await prepare(.asksForEmail)
    let link = try #require(prepared.link)
    try await auth.confirmEmailChange(token: link, password: UnverifiedScene.theirs, from: client)
    let owners = try await scene.openAndDeliver()
    #expect(owners.registration.user?.id == 2)
    #expect(try await scene.verify(owners.challenge.token).id == 2)
    #expect(try await auth.account(1)?.email.text == "theirs@evil.org")
  }

  @Test func `a code works only where it was registered, and once`() async throws {
    let attackers = try await scene.openAndDeliver(AuthFixture.email, UnverifiedScene.theirs)
    let owners = try await scene.openAndDeliver()
    // The owner's code, taken over by the attacker, and the attacker's code, typed by the owner.
    for (code, id) in [
      (owners.challenge.code, attackers.registration.id), (attackers.challenge.code, owners.registration.id),
    ] {
      await #expect(throws: AuthError.invalidVerification) { try await auth.verifyEmail(code: code, of: id, from: client) }
    }
    #expect(try await auth.verifyEmail(code: owners.challenge.code, of: owners.registration.id, from: client).id == 2)
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.verifyEmail(code: owners.challenge.code, of: owners.registration.id, from: client)
    }
    await #expect(throws: AuthError.invalidVerification) { try await scene.verify(owners.challenge.token) }
  }

  @Test func `of many verifications at once, of the account's registration and of another, one succeeds`() async throws {
    for round in 1...10 {
      let email = "bob\(round)@me.com"
      let attackers = try await scene.openAndDeliver(email, UnverifiedScene.theirs)
      let owners = try await scene.openAndDeliver(email)
      // A network of its own: wrong codes are counted.
      let client = Client.at("198.51.100.\(round)")
      let verified = try await atOnce(20) { index in
        let (registration, challenge) = (index + round) % 2 == 0 ? attackers : owners
        return try? await scene.auth.verifyEmail(code: challenge.code, of: registration.id, from: client)
      }
      let winners = verified.compactMap(\.self)
      #expect(winners.count == 1)
      let user = try #require(winners.first)
      let account = try #require(try await auth.account(email: email))
      #expect(account.id == user.id)
      #expect(account.state == .active)
    }
  }

  @Test func `a message about an unverified account has a link, and does not say that there is an account`() async throws {
    try await scene.open(AuthFixture.email, UnverifiedScene.theirs)
    try await scene.open()
    #expect(try await scene.deliverAll().map(\.kind) == [.emailVerification, .emailVerification])
  }
}
