extension Auth {
  /// Counts an attempt.
  ///
  /// - Parameters:
  ///   - userID: the account that it concerns, if there is one.
  ///   - email: the email that the client gave; needed only where no account is known.
  /// - Throws: ``AuthError/throttled(retryAfter:)`` during a delay.
  @discardableResult
  func settle(
    _ attempt: Throttle.Attempt, of userID: User.ID?, email: String? = nil, from client: Client
  ) async throws(AuthError) -> Throttle.Outcome {
    guard !attempt.limits.isEmpty else { return .counted }
    let outcome: Throttle.Outcome
    do { outcome = try await store.settle(attempt) } catch { throw AuthError(error) }
    if case .refused(let delay) = outcome { throw refusal(retryAfter: delay, of: userID, email: email, from: client) }
    return outcome
  }

  /// Records the refusal of an attempt and returns its error.
  func refusal(retryAfter delay: Duration, of userID: User.ID?, email: String? = nil, from client: Client) -> AuthError {
    record(.throttled, of: userID, email: email, from: client)
    return .throttled(retryAfter: delay)
  }
}
