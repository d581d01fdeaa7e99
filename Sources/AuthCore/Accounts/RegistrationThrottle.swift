extension Throttle.Key.Kind {
  /// Registrations from one network.
  public static let registrationNetwork = Self(rawValue: "registration-network")
}

extension Throttle.Attempt {
  /// A registration, whether its email is taken or not.
  static func registration(from client: Client, under policy: AuthPolicy.Throttling, at now: Timestamp) -> Self {
    var limits: [Limit] = []
    if let network = client.ipAddress?.network, let throttle = policy.registrationPerNetwork {
      limits.append(Limit(key: Throttle.Key(.registrationNetwork, network: network), throttle: throttle, isOfNetwork: true))
    }
    return Self(limits, memory: policy.memory, at: now)
  }
}
