import AuthTesting
import Testing

@testable import AuthCore

/// Bob with a recent login, who wants a recovery email.
struct RecoveryEmailScene {
  static let second = "bob@second.org"
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

  func request(_ email: String = second, password: String? = nil, by sessionID: SessionID? = nil) async throws {
    try await auth.requestRecoveryEmail(
      sessionID: sessionID ?? login.sessionID, to: email, password: password, from: Self.client)
  }

  /// Delivers all messages that are due, and returns those that were delivered.
  @discardableResult
  func deliverAll() async throws -> [AuthMessage] { try await delivery.deliverAll(from: auth) }

  /// Asks for a recovery email and delivers its message.
  func ask(
    _ email: String = second, by sessionID: SessionID? = nil
  ) async throws -> (token: RecoveryEmailToken, code: VerificationCode) {
    try await request(email, by: sessionID)
    return try #require(try await deliverAll().compactMap(\.recoveryChallenge).last)
  }

  /// Sets the recovery email, and delivers everything.
  func set(_ email: String = second, by sessionID: SessionID? = nil) async throws {
    let sessionID = sessionID ?? login.sessionID
    try await auth.confirmRecoveryEmail(token: ask(email, by: sessionID).token, sessionID: sessionID, from: Self.client)
    try await deliverAll()
  }

  /// The recovery email of Bob's account.
  var recoveryEmail: String? { get async throws { try await auth.recoveryEmail(of: 1)?.email.text } }

  /// Asks for a reset, and returns the messages that are delivered.
  func reset(
    _ email: String = AuthFixture.email, to recipient: ResetRecipient
  ) async throws -> [AuthMessage] {
    try await auth.requestPasswordReset(email: email, to: recipient, from: Self.client)
    return try await deliverAll()
  }
}

extension AuthMessage {
  var recoveryChallenge: (token: RecoveryEmailToken, code: VerificationCode)? {
    if case .recoveryEmail(let token, let code, _, _) = content { (token, code) } else { nil }
  }

  var resetToken: ResetToken? {
    if case .passwordReset(let token, _) = content { token } else { nil }
  }

  var recoveryEmailChange: RecoveryEmailChangeCause? {
    if case .recoveryEmailChanged(_, let cause) = content { cause } else { nil }
  }

  var accountDeletion: AccountDeletionCause? {
    if case .accountDeleted(_, let cause) = content { cause } else { nil }
  }

  /// Kind, recipient, and the account in a message to its recovery email.
  var summary: String { "\(kind.rawValue) to \(email.text)" + (accountEmail.map { " about \($0.text)" } ?? "") }
}
