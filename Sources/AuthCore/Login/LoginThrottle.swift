extension Throttle.Key.Kind {
  /// Wrong passwords with one email. Such a counter can lock the email: ``Throttle/lockThreshold``.
  public static let loginEmail = Self(rawValue: "login-email")
  /// Wrong passwords from one network.
  public static let loginNetwork = Self(rawValue: "login-network")
}

extension Throttle.Attempt {
  /// An attempt at the password of this email.
  static func login(_ email: String, from client: Client, under policy: AuthPolicy.Throttling, at now: Timestamp) -> Self {
    Self(
      email, .loginEmail, policy.loginPerEmail, from: client, .loginNetwork, policy.loginPerNetwork, memory: policy.memory,
      at: now)
  }
}
