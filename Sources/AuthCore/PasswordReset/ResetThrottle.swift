extension Throttle.Key.Kind {
  /// Requests for a reset token for one email.
  public static let resetEmail = Self(rawValue: "reset-email")
  /// Requests for reset tokens from one network.
  public static let resetNetwork = Self(rawValue: "reset-network")
}

extension Throttle.Attempt {
  /// A request for a reset token for this email, whether it has an account or not.
  static func reset(_ email: String, from client: Client, under policy: AuthPolicy.Throttling, at now: Timestamp) -> Self {
    Self(
      email: Throttle.Key(.resetEmail, email: email), policy.resetPerEmail,
      network: (client.ipAddress?.network).map { Throttle.Key(.resetNetwork, network: $0) }, policy.resetPerNetwork,
      memory: policy.memory, at: now)
  }
}
