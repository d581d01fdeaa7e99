extension Throttle.Key.Kind {
  /// Registrations from one network.
  public static let registrationNetwork = Self(rawValue: "registration-network")
  /// Registrations of one email that is to be verified.
  public static let registrationEmail = Self(rawValue: "registration-email")
}

extension Throttle.Attempt {
  /// A registration, whether its email is taken or not.
  static func registration(from client: Client, under policy: AuthPolicy.Throttling, at now: Timestamp) -> Self {
    Self(from: client, .registrationNetwork, policy.registrationPerNetwork, memory: policy.memory, at: now)
  }

  /// A registration that sends a message to the email, whether it is taken or not.
  static func registration(
    of email: Email, from client: Client, under policy: AuthPolicy.Throttling, at now: Timestamp
  ) -> Self {
    Self(
      email.text, .registrationEmail, policy.registrationPerEmail, from: client, .registrationNetwork,
      policy.registrationPerNetwork, memory: policy.memory, at: now)
  }
}
