extension Throttle.Key.Kind {
  /// Changes of their email that one user asks for.
  public static let emailChangeUser = Self(rawValue: "email-change-user")
}

extension Throttle {
  /// A counter that another key gets, in place of its own.
  public struct Move: Sendable, Equatable {
    /// The key that has the counter, and loses it.
    public let from: Key
    /// The key that gets it.
    public let to: Key

    /// A move from one key to another.
    public init(from: Key, to: Key) {
      self.from = from
      self.to = to
    }
  }
}

extension Throttle.Attempt {
  /// A request for a change. Its message counts with those that registrations send to the email.
  static func emailChange(
    to email: Email, of id: User.ID, under policy: AuthPolicy.Throttling, at now: Timestamp
  ) -> Self {
    var limits: [Limit] = []
    if let throttle = policy.registrationPerEmail {
      limits.append(Limit(key: Throttle.Key(.registrationEmail, email: email.text), throttle: throttle, isOfNetwork: false))
    }
    if let throttle = policy.emailChangePerUser {
      limits.append(Limit(key: Throttle.Key(.emailChangeUser, user: id), throttle: throttle, isOfNetwork: false))
    }
    return Self(limits, memory: policy.memory, at: now)
  }
}
