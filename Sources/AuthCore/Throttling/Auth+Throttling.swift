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

  /// Refuses an attempt during a delay of its network: before its secret is checked, and without counting it.
  ///
  /// - Throws: ``AuthError/throttled(retryAfter:)``.
  func refuseBeforeCheck(
    _ attempt: Throttle.Attempt, of userID: User.ID?, from client: Client
  ) async throws(AuthError) {
    let counters: [Throttle.Counter]
    do { counters = try await store.findCounters(of: attempt.keysBeforeCheck) } catch { throw AuthError(error) }
    if let delay = attempt.delayBeforeCheck(counters) { throw refusal(retryAfter: delay, of: userID, from: client) }
  }

  /// Records the refusal of an attempt and returns its error.
  func refusal(retryAfter delay: Duration, of userID: User.ID?, email: String? = nil, from client: Client) -> AuthError {
    record(.throttled, of: userID, email: email, from: client)
    return .throttled(retryAfter: delay)
  }
}
