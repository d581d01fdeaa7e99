extension Throttle.Key.Kind {
  /// Tokens and codes from one network that were not right.
  public static let recoveryNetwork = Self(rawValue: "recovery-network")
}

extension Throttle.Attempt {
  /// An attempt with a token or code that was sent to an email.
  static func recovery(from client: Client, under policy: AuthPolicy.Throttling, at now: Timestamp) -> Self {
    Self(from: client, .recoveryNetwork, policy.recoveryPerNetwork, memory: policy.memory, at: now)
  }
}

extension Auth {
  /// What a token or code that was sent to an email leads to. If that is nil, it is not right, and counts for the network of the
  /// client.
  ///
  /// Nothing is looked up during a delay, so that a right token stays valid and no try is used up. The result waits for the
  /// count: once one of several simultaneous guesses has begun a delay, none of those counted after it is confirmed.
  ///
  /// - Parameter find: looks it up, and uses up a try at most.
  /// - Throws: ``AuthError/throttled(retryAfter:)`` during a delay of the network.
  func lookUp<Found>(
    from client: Client, _ find: () async throws(AuthError) -> Found?
  ) async throws(AuthError) -> Found? {
    let attempt = Throttle.Attempt.recovery(from: client, under: policy.throttling, at: clock.now)
    guard !attempt.limits.isEmpty else { return try await find() }
    try await refuseBeforeCheck(attempt, of: nil, from: client)
    let found = try await find()
    try await settle(attempt.ended(isSuccess: found != nil, at: clock.now), of: nil, from: client)
    return found
  }
}
