extension Auth {
  /// Refuses a network in its pause before any work is done for it.
  ///
  /// An address in its pause is not refused here: its password is checked all the same, and the answer withheld. So the time to an
  /// answer says nothing of an address, and of guesses made at the same time none is answered that comes after the one with which the
  /// pause began.
  ///
  /// - Throws: ``AuthError/throttled(retryAfter:)``.
  func refuseIfNetworkPauses(_ attempt: Attempt) async throws(AuthError) {
    let network = attempt.ofNetwork
    guard !network.keys.isEmpty else { return }
    guard let pause = network.pause(try await failures(of: network), at: clock.now) else { return }
    record(.throttled, nil)
    throw .throttled(retryAfter: pause)
  }

  /// Counts what came of an attempt, before anybody is told.
  ///
  /// - Throws: ``AuthError/throttled(retryAfter:)`` during a pause, whatever came of it.
  func settle(_ attempt: Attempt, on userID: User.ID?, succeeded isSuccess: Bool) async throws(AuthError) {
    guard !attempt.keys.isEmpty else { return }
    let now = clock.now
    // Mostly there is nothing to count: then a look is enough, and no write is waited for.
    let before = try await failures(of: attempt)
    var after = before
    var outcome = attempt.count(success: isSuccess, in: &after, at: now)
    if after != before {
      do {
        outcome = try await store.updateFailures(of: attempt.keys) { counts in
          attempt.count(success: isSuccess, in: &counts, at: now)
        }
      } catch {
        throw AuthError(error)
      }
    }
    if case .refused(let pause) = outcome {
      record(.throttled, userID)
      throw .throttled(retryAfter: pause)
    }
    if !isSuccess { record(.loginFailed, userID) }
    if outcome == .beginsPause { record(.loginLocked, userID) }
  }

  private func failures(of attempt: Attempt) async throws(AuthError) -> [Throttle.Counter] {
    do { return try await store.findFailures(of: attempt.keys) } catch { throw AuthError(error) }
  }
}
