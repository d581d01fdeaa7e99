import AuthTesting
import Testing

@testable import AuthCore

/// Tokens and codes that were sent to an email cannot be guessed without limit.
///
/// NIST SP 800-63B-4: 4.2.1.2. OWASP ASVS 5.0: 6.3.1.
@Suite struct RecoveryThrottlingTests {
  /// Strict, with delays from the fifth attempt on instead of the hundredth.
  private static let policy: AuthPolicy = {
    var policy = AuthPolicy.strict
    policy.throttling.recoveryPerNetwork?.threshold = 5
    return policy
  }()

  /// What a message has, and the operation that takes it.
  enum Secret: String, CaseIterable, CustomTestStringConvertible {
    case reset, takeBack, change, changeInSession, changeCode
    case recoveryEmail, recoveryEmailInSession, recoveryEmailCode, verification, verificationCode

    var testDescription: String { rawValue }
  }

  /// An attempt with a right secret or with a wrong one.
  private typealias Attempt = @Sendable (_ auth: Auth, _ client: Client, _ isRight: Bool) async throws(AuthError) -> Void

  /// Bob, to whose emails messages were sent, and Eve.
  private struct Scene {
    let bob: EmailChangeScene
    let eve: SessionID

    init(_ policy: AuthPolicy = RecoveryThrottlingTests.policy) async throws {
      bob = try await EmailChangeScene(policy)
      try await bob.fixture.registerEve()
      eve = try #require(
        try await bob.auth.logIn(email: "eve@me.com", password: AuthFixture.password, from: .unknown).login
      ).sessionID
    }

    var auth: Auth { bob.auth }
    var clock: ManualClock { bob.fixture.clock }

    func attempt(with secret: Secret) async throws -> Attempt {
      switch secret {
      case .reset:
        let token = try await auth.issueResetToken(email: AuthFixture.email, from: .unknown).token
        return { auth, client, isRight throws(AuthError) in
          _ = try await auth.resetPassword(
            token: isRight ? token : ResetToken("x"), password: AuthFixture.otherPassword, from: client)
        }
      case .takeBack:
        let token = try await bob.ask().stop
        return { auth, client, isRight throws(AuthError) in
          _ = try await auth.takeBackEmail(
            token: isRight ? token : TakeBackToken("x"), newPassword: AuthFixture.otherPassword, from: client)
        }
      case .change:
        let token = try await bob.ask().token
        return { auth, client, isRight throws(AuthError) in
          _ = try await auth.confirmEmailChange(
            token: isRight ? token : EmailChangeToken("x"), password: AuthFixture.password, from: client)
        }
      // A wrong one here is that of someone else: of Bob's, five tries are granted.
      case .changeInSession:
        let (token, own) = (try await bob.ask().token, bob.sessionID)
        return { [eve] auth, client, isRight throws(AuthError) in
          _ = try await auth.confirmEmailChange(
            token: isRight ? token : EmailChangeToken("x"), sessionID: isRight ? own : eve, from: client)
        }
      case .changeCode:
        let (code, own) = (try await bob.ask().code, bob.sessionID)
        return { [eve] auth, client, isRight throws(AuthError) in
          _ = try await auth.confirmEmailChange(code: code, sessionID: isRight ? own : eve, from: client)
        }
      case .recoveryEmail:
        let token = try await askForRecoveryEmail().token
        return { auth, client, isRight throws(AuthError) in
          _ = try await auth.confirmRecoveryEmail(
            token: isRight ? token : RecoveryEmailToken("x"), password: AuthFixture.password, from: client)
        }
      case .recoveryEmailInSession:
        let (token, own) = (try await askForRecoveryEmail().token, bob.sessionID)
        return { [eve] auth, client, isRight throws(AuthError) in
          _ = try await auth.confirmRecoveryEmail(
            token: isRight ? token : RecoveryEmailToken("x"), sessionID: isRight ? own : eve, from: client)
        }
      case .recoveryEmailCode:
        let (code, own) = (try await askForRecoveryEmail().code, bob.sessionID)
        return { [eve] auth, client, isRight throws(AuthError) in
          _ = try await auth.confirmRecoveryEmail(code: code, sessionID: isRight ? own : eve, from: client)
        }
      case .verification, .verificationCode:
        let id = try await auth.requestRegistration(
          email: "new@me.com", password: AuthFixture.password, from: .unknown)
        let (token, code) = try #require(try await bob.deliverAll().last?.verification)
        guard secret == .verification else {
          return { auth, client, isRight throws(AuthError) in
            _ = try await auth.verifyEmail(code: code, of: isRight ? id : RegistrationID("x"), from: client)
          }
        }
        return { auth, client, isRight throws(AuthError) in
          _ = try await auth.verifyEmail(
            token: isRight ? token : VerificationToken("x"), password: AuthFixture.password, from: client)
        }
      }
    }

    private func askForRecoveryEmail() async throws -> (token: RecoveryEmailToken, code: VerificationCode) {
      try await auth.requestRecoveryEmail(sessionID: bob.sessionID, to: "second@me.com", from: .unknown)
      return try #require(try await bob.deliverAll().last?.recoveryChallenge)
    }

    func guess(
      _ attempt: Attempt, isRight: Bool = false, from client: Client = EmailChangeScene.client, by auth: Auth? = nil
    ) async throws -> Guess {
      try await (auth ?? self.auth).from(client).guess { auth, client throws(AuthError) in
        do throws(AuthError) {
          try await attempt(auth, client, isRight)
          return true
        } catch {
          switch error {
          case .invalidResetToken, .invalidTakeBack, .invalidVerification: return false
          default: throw error
          }
        }
      }
    }

    func guess(_ attempt: Attempt, times count: Int, from client: Client = EmailChangeScene.client) async throws -> [Guess] {
      var guesses: [Guess] = []
      for _ in 0..<count { guesses.append(try await guess(attempt, from: client)) }
      return guesses
    }
  }

  @Test(arguments: Secret.allCases)
  func `after wrong ones a right one is refused, too, and stays valid`(_ secret: Secret) async throws {
    let scene = try await Scene()
    let attempt = try await scene.attempt(with: secret)
    #expect(try await Set(scene.guess(attempt, times: 5)) == [.no])
    let delayed = Guess.throttled(after: .seconds(1))
    for isRight in [false, true, true] { #expect(try await scene.guess(attempt, isRight: isRight) == delayed) }
    #expect(try await scene.guess(attempt, from: .at("203.0.113.8")) == .no)
    #expect(try await scene.auth.from(EmailChangeScene.client).guess(AuthFixture.password) == .yes)
    scene.clock.advance(by: .seconds(1))
    #expect(try await scene.guess(attempt, isRight: true) == .yes)
  }

  @Test func `under strict a network has a hundred attempts, one more every 75 seconds, and delays up to 15 minutes`()
    async throws
  {
    let scene = try await Scene(.strict)
    let attempt = try await scene.attempt(with: .reset)
    #expect(try await Set(scene.guess(attempt, times: 100)) == [.no])
    #expect(try await scene.guess(attempt, isRight: true) == .throttled(after: .seconds(1)))
    scene.clock.advance(by: .seconds(75))
    #expect(try await scene.guess(attempt, times: 2) == [.no, .throttled(after: .seconds(1))])
    #expect(AuthPolicy.strict.throttling.recoveryPerNetwork?.longestDelay == .seconds(900))
  }

  @Test func `secrets of all kinds count together, and right ones neither count nor end the row`() async throws {
    let scene = try await Scene()
    for secret in [Secret.reset, .verificationCode, .changeInSession, .takeBack] {
      #expect(try await scene.guess(scene.attempt(with: secret)) == .no)
    }
    for _ in 1...3 { #expect(try await scene.guess(scene.attempt(with: .reset), isRight: true) == .yes) }
    let attempt = try await scene.attempt(with: .verification)
    #expect(try await scene.guess(attempt, times: 2) == [.no, .throttled(after: .seconds(1))])
  }

  @Test func `used, expired and foreign tokens count, and passwords that are refused do not`() async throws {
    let scene = try await Scene()
    let used = try await scene.attempt(with: .reset)
    #expect(try await scene.guess(used, isRight: true) == .yes)
    #expect(try await scene.guess(used, isRight: true) == .no)
    let expired = try await scene.attempt(with: .reset)
    scene.clock.advance(by: .seconds(3600))
    #expect(try await scene.guess(expired, isRight: true) == .no)
    let token = try await scene.auth.issueResetToken(email: AuthFixture.email, from: .unknown).token
    let reset: @Sendable (String, String?) async throws -> Void = { password, email in
      try await scene.auth.resetPassword(token: token, password: password, email: email, from: EmailChangeScene.client)
    }
    for _ in 1...10 {
      await #expect(throws: AuthError.invalidPassword(.tooShort(scalars: 5, minimum: 15))) { try await reset("short", nil) }
    }
    // The first one is forgiven by now.
    for email in ["eve@me.com", "nobody@me.com", "", "Bob@me.com\n"] {
      await #expect(throws: AuthError.invalidResetToken) { try await reset(AuthFixture.password, email) }
    }
    await #expect(throws: AuthError.throttled(retryAfter: .seconds(1))) { try await reset("short", nil) }
  }

  @Test(arguments: Secret.allCases)
  func `of 60 wrong ones at once exactly five are answered`(_ secret: Secret) async throws {
    let scene = try await Scene()
    let attempt = try await scene.attempt(with: secret)
    let guesses = try await atOnce(60) { _ in try await scene.guess(attempt) }
    #expect(guesses.count { $0 == .no } == 5)
    #expect(guesses.count { $0 == .throttled(after: .seconds(1)) } == 55)
  }

  @Test(arguments: [Secret.reset, .takeBack], [0, 30, 59])
  func `a right one among many wrong ones is answered before the delay or stays valid`(
    _ secret: Secret, _ right: Int
  ) async throws {
    let scene = try await Scene()
    let attempt = try await scene.attempt(with: secret)
    let guesses = try await atOnce(60) { index in try await scene.guess(attempt, isRight: index == right) }
    #expect(guesses.count { $0 == .no } == 5)
    #expect(guesses.count(where: \.isThrottled) == (guesses[right] == .yes ? 54 : 55))
    scene.clock.advance(by: .seconds(1))
    #expect(try await scene.guess(attempt, isRight: true) == (guesses[right] == .yes ? .no : .yes))
  }

  @Test func `a delay that begins between the look and the count still refuses the right one`() async throws {
    let scene = try await Scene()
    let attempt = try await scene.attempt(with: .reset)
    let auth = scene.bob.fixture.intercepting { operation in
      if operation == .settle { _ = try? await scene.guess(attempt, times: 5) }
    }
    #expect(try await scene.guess(attempt, isRight: true, by: auth) == .throttled(after: .seconds(1)))
    scene.clock.advance(by: .seconds(1))
    #expect(try await scene.guess(attempt, isRight: true) == .yes)
  }

  @Test func `a delay begins when the attempt is counted, however long the look took`() async throws {
    let scene = try await Scene()
    let attempt = try await scene.attempt(with: .reset)
    _ = try await scene.guess(attempt, times: 4)
    let slow = scene.bob.fixture.intercepting { operation in
      if operation == .findResetToken { scene.clock.advance(by: .seconds(10)) }
    }
    #expect(try await scene.guess(attempt, by: slow) == .no)
    #expect(try await scene.guess(attempt, isRight: true) == .throttled(after: .seconds(1)))
  }

  @Test(arguments: Secret.allCases)
  func `during a delay nothing is looked up and nothing is hashed`(_ secret: Secret) async throws {
    let scene = try await Scene()
    let attempt = try await scene.attempt(with: secret)
    _ = try await scene.guess(attempt, times: 5)
    let (operations, hasher) = (RecordedOperations(), CountingHasher())
    let auth = scene.bob.fixture.intercepting(hasher: hasher) { operations.append($0) }
    for isRight in [true, false] { #expect(try await scene.guess(attempt, isRight: isRight, by: auth).isThrottled) }
    let needsSession = [.changeInSession, .changeCode, .recoveryEmailInSession, .recoveryEmailCode].contains(secret)
    let sessions: [InterceptingStore.Operation] = needsSession ? [.findSession] : []
    #expect(operations.all == sessions + [.findCounters] + sessions + [.findCounters])
    #expect(hasher.count == .init())
  }

  @Test func `of clients without an IP address, and under classic, nothing is counted`() async throws {
    let scene = try await Scene()
    let attempt = try await scene.attempt(with: .reset)
    #expect(try await Set(scene.guess(attempt, times: 20, from: .unknown)) == [.no])
    let classic = try await Scene(.classic)
    let other = try await classic.attempt(with: .reset)
    #expect(try await Set(classic.guess(other, times: 110)) == [.no])
    #expect(try await classic.guess(other, isRight: true) == .yes)
  }

  @Test(arguments: [InterceptingStore.Operation.findCounters, .settle], [true, false])
  func `a store that cannot count gives no answer`(_ failing: InterceptingStore.Operation, _ isRight: Bool) async throws {
    let scene = try await Scene()
    let attempt = try await scene.attempt(with: .reset)
    await #expect(throws: AuthError.unavailable("disk on fire")) {
      try await scene.guess(attempt, isRight: isRight, by: scene.bob.fixture.failing(failing))
    }
    #expect(try await scene.guess(attempt, isRight: true) == .yes)
  }

  @Test(arguments: Secret.allCases)
  func `a refusal is one event, with its client`(_ secret: Secret) async throws {
    let scene = try await Scene()
    let attempt = try await scene.attempt(with: secret)
    _ = try await scene.guess(attempt, times: 5)
    let events = RecordedEvents()
    let auth = scene.bob.fixture.sharing(policy: Self.policy, events: events)
    for isRight in [true, false] { _ = try await scene.guess(attempt, isRight: isRight, by: auth) }
    #expect(events.kinds == [.throttled, .throttled])
    #expect(events.all.allSatisfy { $0.client.ipAddress == EmailChangeScene.client.ipAddress })
  }
}
