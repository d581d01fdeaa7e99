extension Auth {
  /// How many requests may wait to be delivered; beyond, asking is ``AuthError/unavailable(_:)``.
  public static let maximumResetRequests = 10_000

  /// How long it is tried to deliver a token before the request is given up.
  public static let resetDeliveryWindow = Duration.seconds(24 * 3600)

  /// How long one try may take before another may begin, and how long after a failure the next one begins; the latter doubles up to
  /// the last.
  private static let (claim, firstRetry, longestRetry) = (Duration.seconds(120), Duration.seconds(5), Duration.seconds(900))

  /// Notes that a reset token be sent to the owner of this address, by ``deliverNextReset(through:)``.
  ///
  /// It does the same for an address that nobody has, and so tells nobody who has an account. What is noted survives the end of the
  /// process. No account is locked by it, however often it is called.
  ///
  /// - Throws: ``AuthError/throttled(retryAfter:)``.
  public func requestPasswordReset(email text: String) async throws(AuthError) {
    try await limitResetRequests(of: text)
    guard let email = try? Email(text) else { return record(.resetRequested, nil) }
    let userID = try await user(with: email)?.id
    let request = ResetRequest(id: TokenFormat.uuid.makeToken(random), email: email, createdAt: clock.now)
    let isAdded: Bool
    do { isAdded = try await store.addResetRequest(request, limit: Self.maximumResetRequests) } catch {
      throw AuthError(error)
    }
    guard isAdded else { throw .unavailable("\(Self.maximumResetRequests) requests for reset tokens wait to be delivered") }
    record(.resetRequested, userID)
  }

  /// What became of a request for a reset token.
  public enum ResetDeliveryOutcome: Sendable {
    /// There is none to be delivered now.
    case nothingDue
    case delivered
    /// Nobody has the address. The request is gone.
    case unknownUser
    /// The delivery threw this. Another try follows.
    case failed(any Error)
    /// The request is older than ``Auth/resetDeliveryWindow``, and gone.
    case givenUp
  }

  /// Delivers a token for one of the requests that wait, if any is due. Call it in a loop, in as many processes as you like: a request
  /// is in one hand at a time. A process that ends with a request in its hand leaves it to others.
  ///
  /// The token is made now and lives from now; a token of an earlier try is void.
  public func deliverNextReset(through delivery: some ResetDelivery) async throws(AuthError) -> ResetDeliveryOutcome {
    let now = clock.now
    let request: ResetRequest?
    do { request = try await store.claimResetRequest(now: now, until: now + Self.claim) } catch { throw AuthError(error) }
    guard let request else { return .nothingDue }
    // Also for one whose deliverers die of it and report nothing.
    guard now < request.createdAt + Self.resetDeliveryWindow else {
      try await remove(request)
      return .givenUp
    }

    let reset: PasswordReset
    do { reset = try await getResetPasswordToken(email: request.email.text) } catch {
      guard error == .unknownUser else { throw error }
      try await remove(request)
      return .unknownUser
    }
    do {
      try await delivery.deliver(
        ResetMessage(id: request.id, email: reset.user.email, token: reset.token, expiresAt: reset.expiresAt))
    } catch {
      try await postpone(request)
      return .failed(error)
    }
    try await remove(request)
    return .delivered
  }

  /// Counts the request, whether there is such an account or not; what is refused for its address counts for the network alone.
  func limitResetRequests(of email: String) async throws(AuthError) {
    let attempt = Attempt(resetting: email, from: client, under: policy)
    guard !attempt.keys.isEmpty else { return }
    let now = clock.now
    let outcome: Attempt.Outcome
    do {
      outcome = try await store.updateFailures(of: attempt.keys) { counts in
        attempt.count(success: false, in: &counts, at: now)
      }
    } catch {
      throw AuthError(error)
    }
    guard case .refused(let pause) = outcome else { return }
    record(.throttled, nil)
    throw .throttled(retryAfter: pause)
  }

  private func remove(_ request: ResetRequest) async throws(AuthError) {
    do { try await store.removeResetRequest(request.id) } catch { throw AuthError(error) }
  }

  private func postpone(_ request: ResetRequest) async throws(AuthError) {
    let delay = min(Self.firstRetry * (1 << min(request.tries - 1, 16)), Self.longestRetry)
    do { try await store.postponeResetRequest(request.id, until: clock.now + delay) } catch { throw AuthError(error) }
  }
}
