extension Throttle.Key.Kind {
  /// Wrong passwords with one email. Such a counter can lock the email: ``Throttle/lockThreshold``.
  public static let loginEmail = Self(rawValue: "login-email")
  /// Wrong passwords from one network.
  public static let loginNetwork = Self(rawValue: "login-network")
  /// Right passwords with one email from one network.
  public static let knownNetwork = Self(rawValue: "known-network")
}

extension Throttle.Attempt {
  /// An attempt at the password of this email.
  static func login(_ email: String, from client: Client, under policy: AuthPolicy.Throttling, at now: Timestamp) -> Self {
    var attempt = Self(
      email, .loginEmail, policy.loginPerEmail, from: client, .loginNetwork, policy.loginPerNetwork, memory: policy.memory,
      at: now)
    if let network = client.ipAddress?.network, policy.loginPerNetwork != nil {
      attempt.knownNetwork = Throttle.Key(.knownNetwork, email: email, network: network)
    }
    return attempt
  }
}
