extension Auth {
  /// Counts an attempt.
  ///
  /// - Parameter userID: of the account that it concerns, if there is one.
  /// - Throws: ``AuthError/throttled(retryAfter:)`` during a delay.
  func settle(
    _ attempt: Throttle.Attempt, on userID: User.ID?, from client: Client
  ) async throws(AuthError) -> Throttle.Outcome {
    guard !attempt.limits.isEmpty else { return .counted }
    let outcome: Throttle.Outcome
    do { outcome = try await store.settle(attempt) } catch { throw AuthError(error) }
    if case .refused(let delay) = outcome { throw throttled(delay, userID, from: client) }
    return outcome
  }

  /// Records the refusal, and gives the error for it.
  func throttled(_ delay: Duration, _ userID: User.ID?, from client: Client) -> AuthError {
    record(.throttled, userID, from: client)
    return .throttled(retryAfter: delay)
  }
}
