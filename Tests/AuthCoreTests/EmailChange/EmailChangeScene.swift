import AuthTesting
import Testing

@testable import AuthCore

/// Bob with a recent login, who wants another email.
struct EmailChangeScene {
  static let newEmail = "bobby@new.org"
  static let client = Client.at("203.0.113.7")

  let fixture: AuthFixture
  let login: Login
  let delivery = RecordingDelivery()

  init(_ policy: AuthPolicy = .strict) async throws {
    fixture = AuthFixture(policy)
    _ = try await fixture.registerBob()
    login = try await fixture.logInBob()
  }

  var auth: Auth { fixture.auth }
  var sessionID: SessionID { login.sessionID }

  func request(_ email: String = newEmail, password: String? = nil, by sessionID: SessionID? = nil) async throws {
    try await auth.requestEmailChange(
      sessionID: sessionID ?? login.sessionID, to: email, password: password, from: Self.client)
  }

  /// Delivers all messages that are due, and returns those that were delivered.
  @discardableResult
  func deliverAll() async throws -> [AuthMessage] { try await delivery.deliverAll(from: auth) }

  /// Asks for a change and delivers its messages.
  func ask(_ email: String = newEmail, by sessionID: SessionID? = nil) async throws -> (
    token: EmailChangeToken, code: VerificationCode, stop: TakeBackToken
  ) {
    try await request(email, by: sessionID)
    let messages = try await deliverAll()
    let challenge = try #require(messages.compactMap(\.emailChallenge).last)
    return (challenge.token, challenge.code, try #require(messages.compactMap(\.takeBackToken).last))
  }

  /// Changes the email, and returns the token with which the change is undone.
  @discardableResult
  func change(to email: String = newEmail, by sessionID: SessionID? = nil) async throws -> TakeBackToken {
    let sessionID = sessionID ?? login.sessionID
    let token = try await ask(email, by: sessionID).token
    try await auth.confirmEmailChange(token: token, sessionID: sessionID, from: Self.client)
    return try #require(try await deliverAll().compactMap(\.takeBackToken).last)
  }

  func logIn(_ email: String, _ password: String = AuthFixture.password) async throws -> Login? {
    try await auth.logIn(email: email, password: password, from: Self.client).login
  }

  /// The email of Bob's account.
  var email: String { get async throws { try await fixture.bob.email.text } }
}

extension AuthMessage {
  var emailChallenge: (token: EmailChangeToken, code: VerificationCode)? {
    if case .emailChange(let token, let code, _, _) = content { (token, code) } else { nil }
  }

  var takeBackToken: TakeBackToken? {
    switch content {
    case .emailChangeRequested(_, let token, _), .emailChanged(_, let token, _): token
    default: nil
    }
  }
}
