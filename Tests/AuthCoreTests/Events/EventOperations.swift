import AuthCore
import AuthTesting

extension EventsTests {
  /// Bob under strict, and an `Auth` that records what happens.
  struct Scene {
    let fixture: AuthFixture
    let events = RecordedEvents()
    let auth: Auth

    init() async throws {
      fixture = try await .withNarrowNetworks()
      auth = fixture.sharing(policy: fixture.auth.policy, events: events)
    }
  }

  typealias Expected = (kind: AuthEvent.Kind, userID: User.ID?)

  static let operations: [(name: String, events: [Expected], work: @Sendable (Scene) async throws -> Void)] = [
    (
      "register", [(.userCreated, 2)],
      { _ = try await $0.auth.register(email: "eve@me.com", password: AuthFixture.password, from: client) }
    ),
    (
      "requestRegistration", [(.registrationRequested, nil)],
      { _ = try await $0.auth.requestRegistration(email: "eve@me.com", password: AuthFixture.password, from: client) }
    ),
    (
      "verifyEmail", [(.userCreated, 2), (.emailVerified, 2)],
      { scene in
        let delivery = RecordingDelivery()
        _ = try await scene.fixture.auth.requestRegistration(
          email: "eve@me.com", password: AuthFixture.password, from: .unknown)
        _ = try await scene.fixture.auth.deliver(through: delivery)
        guard case .emailVerification(let token, _, _, _)? = delivery.messages.last?.content else { return }
        _ = try await scene.auth.verifyEmail(token: token, password: AuthFixture.password, from: client)
      }
    ),
    (
      "openUnverifiedAccount", [(.userCreated, 2), (.registrationRequested, nil)],
      { scene in
        for _ in 1...2 {
          _ = try await scene.auth.openUnverifiedAccount(email: "eve@me.com", password: AuthFixture.password, from: client)
        }
      }
    ),
    (
      "verifyEmail of an open account", [(.emailVerified, 2)],
      { scene in
        let delivery = RecordingDelivery()
        _ = try await scene.fixture.auth.openUnverifiedAccount(
          email: "eve@me.com", password: AuthFixture.password, from: .unknown)
        _ = try await scene.fixture.auth.deliver(through: delivery)
        guard let token = delivery.messages.last?.verification?.token else { return }
        _ = try await scene.auth.verifyEmail(token: token, password: AuthFixture.password, from: client)
      }
    ),
    (
      "vouchForEmail", [(.emailVouchedFor, 2)],
      { scene in
        _ = try await scene.fixture.auth.openUnverifiedAccount(
          email: "eve@me.com", password: AuthFixture.password, from: .unknown)
        for _ in 1...2 { try await scene.auth.vouchForEmail(of: 2, from: client) }
      }
    ),
    (
      "purge of an unverified account", [(.userExpired, 2)],
      { scene in
        _ = try await scene.fixture.auth.openUnverifiedAccount(
          email: "eve@me.com", password: AuthFixture.password, from: .unknown)
        scene.fixture.clock.advance(by: .seconds(86_400))
        _ = try await scene.auth.purge()
      }
    ),
    (
      "a made-up link", [(.verificationRefused, nil)],
      { _ = try? await $0.auth.verifyEmail(token: VerificationToken("x"), password: "x", from: client) }
    ),
    (
      "requestEmailChange", [(.emailChangeRequested, 1)],
      { scene in
        let sessionID = try await scene.fixture.logInBob().sessionID
        try await scene.auth.requestEmailChange(sessionID: sessionID, to: EmailChangeScene.newEmail, from: client)
      }
    ),
    (
      "confirmEmailChange and takeBackEmail", [(.emailChanged, 1), (.emailTakenBack, 1)],
      { scene in
        let (delivery, sessionID) = (RecordingDelivery(), try await scene.fixture.logInBob().sessionID)
        try await scene.fixture.auth.requestEmailChange(sessionID: sessionID, to: EmailChangeScene.newEmail, from: .unknown)
        for _ in 1...2 { _ = try await scene.fixture.auth.deliver(through: delivery) }
        for token in delivery.messages.compactMap(\.emailChallenge?.token) {
          try await scene.auth.confirmEmailChange(token: token, sessionID: sessionID, from: client)
        }
        for token in delivery.messages.compactMap(\.takeBackToken) {
          try await scene.auth.takeBackEmail(token: token, newPassword: AuthFixture.otherPassword, from: client)
        }
      }
    ),
    (
      "made-up tokens of a change", [(.emailChangeRefused, nil), (.emailChangeRefused, 1), (.takeBackRefused, nil)],
      { scene in
        let sessionID = try await scene.fixture.logInBob().sessionID
        _ = try? await scene.auth.confirmEmailChange(token: EmailChangeToken("x"), password: "x", from: client)
        _ = try? await scene.auth.confirmEmailChange(code: VerificationCode("x"), sessionID: sessionID, from: client)
        _ = try? await scene.auth.takeBackEmail(token: TakeBackToken("x"), newPassword: "x", from: client)
      }
    ),
    (
      "requestRecoveryEmail", [(.recoveryEmailRequested, 1)],
      { scene in
        let sessionID = try await scene.fixture.logInBob().sessionID
        try await scene.auth.requestRecoveryEmail(sessionID: sessionID, to: RecoveryEmailScene.second, from: client)
      }
    ),
    (
      "confirmRecoveryEmail and removeRecoveryEmail", [(.recoveryEmailChanged, 1), (.recoveryEmailRemoved, 1)],
      { scene in
        let (delivery, sessionID) = (RecordingDelivery(), try await scene.fixture.logInBob().sessionID)
        try await scene.fixture.auth.requestRecoveryEmail(sessionID: sessionID, to: RecoveryEmailScene.second, from: .unknown)
        _ = try await scene.fixture.auth.deliver(through: delivery)
        for token in delivery.messages.compactMap(\.recoveryChallenge?.token) {
          try await scene.auth.confirmRecoveryEmail(token: token, sessionID: sessionID, from: client)
        }
        try await scene.auth.removeRecoveryEmail(sessionID: sessionID, from: client)
      }
    ),
    (
      "made-up tokens of a recovery email", [(.recoveryEmailRefused, nil), (.recoveryEmailRefused, 1)],
      { scene in
        let sessionID = try await scene.fixture.logInBob().sessionID
        _ = try? await scene.auth.confirmRecoveryEmail(token: RecoveryEmailToken("x"), password: "x", from: client)
        _ = try? await scene.auth.confirmRecoveryEmail(code: VerificationCode("x"), sessionID: sessionID, from: client)
      }
    ),
    (
      "importUser", [(.userImported, 2)],
      { scene in
        _ = try await scene.auth.importUser(email: "eve@me.com", hash: scene.fixture.bob.hashedPassword.text)
      }
    ),
    (
      "logIn", [(.loginSucceeded, 1), (.sessionCreated, 1)],
      { _ = try await $0.auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: client).login }
    ),
    ("createSession", [(.sessionCreated, 1)], { _ = try await $0.auth.createSession(email: AuthFixture.email, from: client) }),
    ("wrong password", [(.loginFailed, 1)], { try await $0.auth.from(client).guess() }),
    (
      "wrong password at logIn", [(.loginFailed, 1)],
      { _ = try await $0.auth.logIn(email: AuthFixture.email, password: "x", from: client).login }
    ),
    ("unknown address", [(.loginFailed, nil)], { try await $0.auth.from(client).guess(for: "eve@me.com") }),
    (
      "right password of a disabled user", [(.loginFailed, 1), (.loginDisabled, 1)],
      { scene in
        try await scene.fixture.auth.disableUser(1)
        try await scene.auth.from(client).guess(AuthFixture.password)
      }
    ),
    (
      "wrong password of a disabled user", [(.loginFailed, 1)],
      { scene in
        try await scene.fixture.auth.disableUser(1)
        try await scene.auth.from(client).guess()
      }
    ),
    (
      "disableUser", [(.userDisabled, 1), (.sessionEnded, 1)],
      { scene in
        _ = try await scene.fixture.logInBob()
        for _ in 1...2 { try await scene.auth.disableUser(1, from: client) }
      }
    ),
    (
      "enableUser", [(.userEnabled, 1)],
      { scene in
        try await scene.fixture.auth.disableUser(1)
        for _ in 1...2 { try await scene.auth.enableUser(1, from: client) }
      }
    ),
    (
      "createUser", [(.userCreated, 2), (.resetRequested, 2)],
      { _ = try await $0.auth.createUser(email: "eve@me.com", from: client) }
    ),
    ("sendPasswordReset", [(.resetRequested, 1)], { try await $0.auth.sendPasswordReset(to: 1, from: client) }),
    (
      "unlockUser", [(.userUnlocked, 1)],
      { scene in
        try await scene.fixture.auth.guess()
        for _ in 1...2 { try await scene.auth.unlockUser(1, from: client) }
      }
    ),
    ("deleteUser by id", [(.userDeleted, 1)], { try await $0.auth.deleteUser(1, from: client) }),
    (
      "importUsers", [(.usersImported, nil)],
      { scene in
        let account = try scene.auth.checkImport(email: "eve@me.com", hash: "!", isDisabled: false)
        for _ in 1...2 { _ = try await scene.auth.importUsers([account], from: client) }
      }
    ),
    ("no address", [(.loginFailed, nil)], { try await $0.auth.from(client).guess(for: "") }),
    (
      "a delay begins", [(.loginFailed, 1), (.loginLocked, 1)],
      { scene in
        try await scene.fixture.auth.guess(times: 4)
        try await scene.auth.from(client).guess()
      }
    ),
    (
      "a delay of the address", [(.throttled, 1)],
      { scene in
        try await scene.fixture.auth.guess(times: 5)
        try await scene.auth.from(client).guess(AuthFixture.password)
      }
    ),
    (
      "a delay of the network", [(.throttled, nil)],
      { scene in
        try await scene.fixture.auth.from(EventsTests.client).guess(times: 5, for: "eve@me.com")
        try await scene.auth.from(client).guess(AuthFixture.password)
      }
    ),
    (
      "changePassword", [(.passwordChanged, 1), (.sessionRenewed, 1)],
      { scene in
        _ = try await scene.auth.changePassword(
          sessionID: scene.fixture.logInBob().sessionID, current: AuthFixture.password, new: AuthFixture.otherPassword,
          from: client)
      }
    ),
    (
      "changePassword with a wrong one", [(.loginFailed, 1), (.passwordCheckFailed, 1)],
      { scene in
        _ = try? await scene.auth.changePassword(
          sessionID: scene.fixture.logInBob().sessionID, current: "wrong", new: AuthFixture.otherPassword, from: client)
      }
    ),
    (
      "deleteUser", [(.userDeleted, 1)],
      { try await $0.auth.deleteUser(sessionID: $0.fixture.logInBob().sessionID, password: AuthFixture.password, from: client) }
    ),
    (
      "deleteUser with a wrong one", [(.loginFailed, 1), (.passwordCheckFailed, 1)],
      { _ = try? await $0.auth.deleteUser(sessionID: $0.fixture.logInBob().sessionID, password: "wrong", from: client) }
    ),
    (
      "issueResetToken", [(.resetTokenIssued, 1)],
      { _ = try await $0.auth.issueResetToken(email: AuthFixture.email, from: client) }
    ),
    (
      "updatePassword", [(.resetUsed, 1)],
      {
        try await $0.auth.updatePassword(
          resetToken: $0.fixture.resetTokenForBob(), password: AuthFixture.otherPassword, from: client)
      }
    ),
    (
      "updatePassword with no token", [(.resetRefused, nil)],
      {
        _ = try? await $0.auth.updatePassword(
          resetToken: ResetToken("made up"), password: AuthFixture.otherPassword, from: client)
      }
    ),
    (
      "requestPasswordReset", [(.resetRequested, 1)],
      { try await $0.auth.requestPasswordReset(email: AuthFixture.email, from: client) }
    ),
    (
      "for an unknown address", [(.resetRequested, nil)],
      { try await $0.auth.requestPasswordReset(email: "eve@me.com", from: client) }
    ),
    ("for no address", [(.resetRequested, nil)], { try await $0.auth.requestPasswordReset(email: "", from: client) }),
    (
      "too many requests", [(.throttled, nil)],
      { scene in
        for _ in 1...5 { try await scene.fixture.auth.requestPasswordReset(email: AuthFixture.email, from: client) }
        try? await scene.auth.requestPasswordReset(email: AuthFixture.email, from: client)
      }
    ),
    (
      "deliverNextMessage", [(.resetTokenIssued, 1)],
      { scene in
        try await scene.fixture.auth.requestPasswordReset(email: AuthFixture.email, from: client)
        _ = try await scene.auth.deliverNextMessage(through: RecordingDelivery())
      }
    ),
    (
      "deliverNextMessage of what no one takes", [(.messageUndeliverable, 1)],
      { scene in
        _ = try await scene.fixture.addMessage(to: AuthFixture.email)
        _ = try await scene.auth.deliverNextMessage(through: MeddlingDelivery { throw UndeliverableMessage("no mailbox") })
      }
    ),
    (
      "deliverNextMessage of what is too old", [(.messageGivenUp, 1)],
      { scene in
        _ = try await scene.fixture.addMessage(to: AuthFixture.email)
        scene.fixture.clock.advance(by: Auth.deliveryWindow)
        _ = try await scene.auth.deliverNextMessage(through: RecordingDelivery())
      }
    ),
    (
      "dropMessages", [(.messageDropped, 1)],
      { scene in
        _ = try await scene.fixture.addMessage(to: AuthFixture.email)
        _ = try await scene.auth.dropMessages(.init(), from: client)
      }
    ),
    ("logOut", [(.sessionEnded, 1)], { try await $0.auth.logOut($0.fixture.logInBob().sessionID, from: client) }),
    ("logOut of no session", [], { try await $0.auth.logOut(SessionID("made up"), from: .unknown) }),
    (
      "endSession", [(.sessionEnded, 1)],
      { try await $0.auth.endSession($0.fixture.logInBob().sessionID.digest, of: 1, from: client) }
    ),
    (
      "endSessions", [(.sessionEnded, 1), (.sessionEnded, 1)],
      { scene in
        for _ in 1...2 { _ = try await scene.fixture.logInBob() }
        try await scene.auth.endSessions(of: 1, except: scene.fixture.logInBob().sessionID, from: client)
      }
    ),
    (
      "endAllSessions", [(.sessionEnded, 1), (.sessionEnded, 1)],
      { scene in
        for _ in 1...2 { _ = try await scene.fixture.logInBob() }
        try await scene.auth.endAllSessions(of: 1, from: client)
      }
    ),
    (
      "purge", [(.sessionExpired, 1)],
      { scene in
        _ = try await scene.fixture.logInBob()
        scene.fixture.clock.advance(by: .seconds(7 * 86400))
        _ = try await scene.auth.purge()
      }
    ),
    ("validLogin", [], { try await $0.auth.from(client).guess(AuthFixture.password) }),
    ("getUserFromSessionID", [], { _ = try await $0.auth.getUserFromSessionID($0.fixture.logInBob().sessionID) }),
    ("profile", [], { _ = try await $0.auth.profile(for: $0.fixture.logInBob().sessionID) }),
  ]
}

extension AuthFixture {
  /// Queues a notice about Bob.
  fileprivate func addMessage(to email: String) async throws -> Bool {
    let message = OutboxMessage(
      id: "a message", kind: .accountEnabled, userID: 1, email: Email(stored: email), createdAt: clock.now)
    return try await store.addMessage(message, limit: 1)
  }
}
