extension Auth {
  /// Counts an attempt.
  ///
  /// - Parameter userID: the account that it concerns, if there is one.
  /// - Throws: ``AuthError/throttled(retryAfter:)`` during a delay.
  @discardableResult
  func settle(
    _ attempt: Throttle.Attempt, of userID: User.ID?, from client: Client
  ) async throws(AuthError) -> Throttle.Outcome {
    guard !attempt.limits.isEmpty else { return .counted }
    let outcome: Throttle.Outcome
    do { outcome = try await store.settle(attempt) } catch { throw AuthError(error) }
    if case .refused(let delay) = outcome { throw refusal(retryAfter: delay, of: userID, from: client) }
    return outcome
  }

  /// Records the refusal of an attempt and returns its error.
  func refusal(retryAfter delay: Duration, of userID: User.ID?, from client: Client) -> AuthError {
    record(.throttled, of: userID, from: client)
    return .throttled(retryAfter: delay)
  }
}
