extension Throttle.Key.Kind {
  /// Requests for a reset token for one email.
  public static let resetEmail = Self(rawValue: "reset-email")
  /// Requests for reset tokens from one network.
  public static let resetNetwork = Self(rawValue: "reset-network")
}

extension Throttle.Attempt {
  /// A request for a reset token for this email.
  static func reset(_ email: String, from client: Client, under policy: AuthPolicy.Throttling, at now: Timestamp) -> Self {
    Self(
      email, .resetEmail, policy.resetPerEmail, from: client, .resetNetwork, policy.resetPerNetwork, memory: policy.memory,
      at: now)
  }
}
