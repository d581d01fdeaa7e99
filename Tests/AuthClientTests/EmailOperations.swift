import AuthClient
import AuthCore

/// What an `Auth` and an `AuthClient` can both do with emails, in the words of either.
protocol EmailOperations: RecoveryEmailOperations {
  /// nil if the account exists at once.
  func open(_ email: String, _ password: String, from client: Client) async throws(AuthError) -> RegistrationID?
  func verified(_ token: VerificationToken, _ password: String, from client: Client) async throws(AuthError) -> Profile
  func verified(
    _ code: VerificationCode, of id: RegistrationID, from client: Client
  ) async throws(AuthError) -> Profile
  func requestEmailChange(
    sessionID: SessionID, to email: String, password: String?, from client: Client) async throws(AuthError)
  func confirmed(_ token: EmailChangeToken, _ password: String, from client: Client) async throws(AuthError) -> Profile
  func confirmed(
    _ token: EmailChangeToken, by sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Profile
  func confirmed(
    _ code: VerificationCode, by sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Profile
  func takenBack(_ token: TakeBackToken, _ password: String, from client: Client) async throws(AuthError) -> Email
}

extension Auth: EmailOperations {
  func open(_ email: String, _ password: String, from client: Client) async throws(AuthError) -> RegistrationID? {
    switch policy.emailVerification.requirement {
    case .beforeLogin: return try await requestRegistration(email: email, password: password, from: client)
    case .beforeRecovery: return try await openUnverifiedAccount(email: email, password: password, from: client).id
    default:
      _ = try await register(email: email, password: password, from: client)
      return nil
    }
  }

  func verified(_ token: VerificationToken, _ password: String, from client: Client) async throws(AuthError) -> Profile {
    try await verifyEmail(token: token, password: password, from: client).profile
  }

  func verified(
    _ code: VerificationCode, of id: RegistrationID, from client: Client
  ) async throws(AuthError) -> Profile {
    try await verifyEmail(code: code, of: id, from: client).profile
  }

  func confirmed(_ token: EmailChangeToken, _ password: String, from client: Client) async throws(AuthError) -> Profile {
    try await confirmEmailChange(token: token, password: password, from: client).profile
  }

  func confirmed(
    _ token: EmailChangeToken, by sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Profile {
    try await confirmEmailChange(token: token, sessionID: sessionID, from: client).profile
  }

  func confirmed(
    _ code: VerificationCode, by sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Profile {
    try await confirmEmailChange(code: code, sessionID: sessionID, from: client).profile
  }

  func takenBack(_ token: TakeBackToken, _ password: String, from client: Client) async throws(AuthError) -> Email {
    try await takeBackEmail(token: token, newPassword: password, from: client).email
  }
}

extension AuthClient: EmailOperations {
  func open(_ email: String, _ password: String, from client: Client) async throws(AuthError) -> RegistrationID? {
    switch try await register(email: email, password: password, from: client) {
    case .accountOpened: nil
    case .messageSent(let id), .unverifiedAccountOpened(let id): id
    }
  }

  func verified(_ token: VerificationToken, _ password: String, from client: Client) async throws(AuthError) -> Profile {
    try await verifyEmail(token: token, password: password, from: client)
  }

  func verified(
    _ code: VerificationCode, of id: RegistrationID, from client: Client
  ) async throws(AuthError) -> Profile {
    try await verifyEmail(code: code, of: id, from: client)
  }

  func confirmed(_ token: EmailChangeToken, _ password: String, from client: Client) async throws(AuthError) -> Profile {
    try await confirmEmailChange(token: token, password: password, from: client)
  }

  func confirmed(
    _ token: EmailChangeToken, by sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Profile {
    try await confirmEmailChange(token: token, sessionID: sessionID, from: client)
  }

  func confirmed(
    _ code: VerificationCode, by sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Profile {
    try await confirmEmailChange(code: code, sessionID: sessionID, from: client)
  }

  func takenBack(_ token: TakeBackToken, _ password: String, from client: Client) async throws(AuthError) -> Email {
    try await takeBackEmail(token: token, newPassword: password, from: client)
  }
}
