import AuthTesting
import Testing

@testable import AuthCore

/// Bob's email under a policy that verifies emails before a recovery.
struct UnverifiedScene {
  static let policy: AuthPolicy = {
    var policy = AuthPolicy.strict
    policy.emailVerification.requirement = .beforeRecovery
    return policy
  }()
  /// The password of someone who does not read Bob's email.
  static let theirs = "the attacker's own passphrase"
  static let client = Client.at("203.0.113.7")

  let fixture = AuthFixture(policy)
  let delivery = RecordingDelivery()
  let events = RecordedEvents()
  let auth: Auth

  init() {
    auth = fixture.sharing(policy: Self.policy, events: events)
  }

  typealias Challenge = (token: VerificationToken, code: VerificationCode)

  @discardableResult
  func open(
    _ email: String = AuthFixture.email, _ password: String = AuthFixture.password
  ) async throws -> UnverifiedRegistration {
    try await auth.openUnverifiedAccount(email: email, password: password, from: Self.client)
  }

  /// Opens an account for an email, and delivers its message.
  func openAndDeliver(
    _ email: String = AuthFixture.email, _ password: String = AuthFixture.password
  ) async throws -> (registration: UnverifiedRegistration, challenge: Challenge) {
    let registration = try await open(email, password)
    return (registration, try #require(try await deliverAll().compactMap(\.verification).last))
  }

  /// Delivers all messages that are due, and returns those that were delivered.
  @discardableResult
  func deliverAll() async throws -> [AuthMessage] { try await delivery.deliverAll(from: auth) }

  func logIn(_ password: String = AuthFixture.password, email: String = AuthFixture.email) async throws -> Login? {
    try await auth.logIn(email: email, password: password, from: Self.client).login
  }

  func verify(_ token: VerificationToken, _ password: String = AuthFixture.password) async throws -> User {
    try await auth.verifyEmail(token: token, password: password, from: Self.client)
  }

  func end() { fixture.clock.advance(by: Self.policy.emailVerification.registrationLifetime) }
}

extension AuthMessage {
  var verification: UnverifiedScene.Challenge? {
    if case .emailVerification(let token, let code, _, _) = content { (token, code) } else { nil }
  }
}
