import AuthClient
import AuthCore

/// What an `Auth` and an `AuthClient` can both do with recovery emails, in the words of either.
protocol RecoveryEmailOperations: Sendable {
  func recoveryEmail(sessionID: SessionID) async throws(AuthError) -> RecoveryEmail?
  func requestRecoveryEmail(
    sessionID: SessionID, to email: String, password: String?, from client: Client) async throws(AuthError)
  func recoveryEmail(
    confirmedWith token: RecoveryEmailToken, _ password: String, from client: Client
  ) async throws(AuthError) -> Email
  func recoveryEmail(
    confirmedWith token: RecoveryEmailToken, by sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Email
  func recoveryEmail(
    confirmedWith code: VerificationCode, by sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Email
  func removeRecoveryEmail(sessionID: SessionID, password: String?, from client: Client) async throws(AuthError)
  func requestPasswordReset(email: String, to recipient: ResetRecipient, from client: Client) async throws(AuthError)
}

extension Auth: RecoveryEmailOperations {
  func recoveryEmail(
    confirmedWith token: RecoveryEmailToken, _ password: String, from client: Client
  ) async throws(AuthError) -> Email {
    try await confirmRecoveryEmail(token: token, password: password, from: client).email
  }

  func recoveryEmail(
    confirmedWith token: RecoveryEmailToken, by sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Email {
    try await confirmRecoveryEmail(token: token, sessionID: sessionID, from: client).email
  }

  func recoveryEmail(
    confirmedWith code: VerificationCode, by sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Email {
    try await confirmRecoveryEmail(code: code, sessionID: sessionID, from: client).email
  }
}

extension AuthClient: RecoveryEmailOperations {
  func recoveryEmail(
    confirmedWith token: RecoveryEmailToken, _ password: String, from client: Client
  ) async throws(AuthError) -> Email {
    try await confirmRecoveryEmail(token: token, password: password, from: client)
  }

  func recoveryEmail(
    confirmedWith token: RecoveryEmailToken, by sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Email {
    try await confirmRecoveryEmail(token: token, sessionID: sessionID, from: client)
  }

  func recoveryEmail(
    confirmedWith code: VerificationCode, by sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Email {
    try await confirmRecoveryEmail(code: code, sessionID: sessionID, from: client)
  }
}
