extension Auth {
  /// Counts an attempt.
  ///
  /// - Parameter userID: of the account that it concerns, if there is one.
  /// - Throws: ``AuthError/throttled(retryAfter:)`` during a delay.
  func settle(_ attempt: Throttle.Attempt, on userID: User.ID?) async throws(AuthError) -> Throttle.Outcome {
    guard !attempt.limits.isEmpty else { return .counted }
    let outcome: Throttle.Outcome
    do { outcome = try await store.settle(attempt) } catch { throw AuthError(error) }
    if case .refused(let delay) = outcome { throw throttled(delay, userID) }
    return outcome
  }

  /// Records the refusal, and gives the error for it.
  func throttled(_ delay: Duration, _ userID: User.ID?) -> AuthError {
    record(.throttled, userID)
    return .throttled(retryAfter: delay)
  }
}
