extension Throttle {
  /// An attempt at a password, or a request that is limited like one: the counters that it affects, their rules, and its result.
  ///
  /// A store settles it where it keeps the counters: ``settle(_:)`` is the one place that says what an attempt does to them.
  public struct Attempt: Sendable, Equatable {
    /// One of the counters that an attempt concerns.
    public struct Limit: Sendable, Equatable {
      /// Which counter.
      public let key: Key
      /// The rule for it.
      public let throttle: Throttle
      /// Whether it counts a network. A success clears an email's counter but not a network's, because attackers have accounts,
      /// too.
      public let isOfNetwork: Bool

      /// A limit with these values.
      public init(key: Key, throttle: Throttle, isOfNetwork: Bool) {
        self.key = key
        self.throttle = throttle
        self.isOfNetwork = isOfNetwork
      }
    }

    /// The counters that the attempt concerns, each once.
    public let limits: [Limit]
    /// How long a counter is remembered after its last attempt, unless it locks.
    public let memory: Duration
    /// Whether it succeeded. A request that is only limited never does.
    public var isSuccess: Bool
    /// When it is counted.
    public var at: Timestamp

    /// An attempt with these values.
    public init(_ limits: [Limit], memory: Duration, isSuccess: Bool = false, at: Timestamp) {
      self.limits = limits
      self.memory = memory
      self.isSuccess = isSuccess
      self.at = at
    }

    /// The keys of the counters, in the order of ``limits``.
    public var keys: [Key] { limits.map(\.key) }
  }

  /// The result of settling an attempt.
  public enum Outcome: Sendable, Equatable {
    /// It was counted.
    case counted
    /// It was counted, and a delay begins with it.
    case beginsDelay
    /// It was made during a delay and is refused, whatever its result. It is not counted for the email, but for the network,
    /// unless the network itself is delayed.
    case refused(retryAfter: Duration)
  }
}

extension Throttle.Attempt {
  /// Counts the attempt in the counters of its ``keys``, in their order. A counter whose count becomes 0 need not be stored.
  public func settle(_ counters: inout [Throttle.Counter]) -> Throttle.Outcome {
    if let delay = delay(counters) {
      countForNetwork(in: &counters)
      return .refused(retryAfter: delay)
    }
    for (index, limit) in limits.enumerated() {
      if !isSuccess {
        counters[index] = limit.throttle.adding(to: remembered(counters[index], under: limit.throttle), at: at)
      } else if !limit.isOfNetwork {
        counters[index] = .none
      }
    }
    return delay(counters) == nil ? .counted : .beginsDelay
  }

  /// The longest delay in force; nil if there is none.
  func delay(_ counters: [Throttle.Counter]) -> Duration? {
    zip(limits, counters).compactMap { $0.throttle.delay(after: remembered($1, under: $0.throttle), at: at) }.max()
  }

  /// The part of the attempt that concerns the client's network.
  var ofNetwork: Throttle.Attempt {
    Throttle.Attempt(limits.filter(\.isOfNetwork), memory: memory, isSuccess: isSuccess, at: at)
  }

  /// The attempt with its result.
  func ended(isSuccess: Bool, at now: Timestamp) -> Throttle.Attempt {
    Throttle.Attempt(limits, memory: memory, isSuccess: isSuccess, at: now)
  }

  /// While an email is delayed, attempts are still counted for the network, whatever their result: checking a password costs a
  /// hash, and no client may get an unlimited number of hashes for free.
  private func countForNetwork(in counters: inout [Throttle.Counter]) {
    for (index, limit) in limits.enumerated() where limit.isOfNetwork {
      let counter = remembered(counters[index], under: limit.throttle)
      guard limit.throttle.delay(after: counter, at: at) == nil else { continue }
      counters[index] = limit.throttle.adding(to: counter, at: at)
    }
  }

  /// The counter, or ``Throttle/Counter/none`` if it is old enough to be forgotten, even before it is purged.
  private func remembered(_ counter: Throttle.Counter, under throttle: Throttle) -> Throttle.Counter {
    counter.lastAt < at - memory && !throttle.isLocked(by: counter) ? .none : counter
  }
}

extension Throttle.Attempt {
  /// An attempt that is counted for an email, whether it has an account or not, and for the client's network; for each only if
  /// there is a throttle, and for the network only if it is known.
  init(
    _ email: String, _ emailKind: Throttle.Key.Kind, _ emailThrottle: Throttle?,
    from client: Client, _ networkKind: Throttle.Key.Kind, _ networkThrottle: Throttle?, memory: Duration, at now: Timestamp
  ) {
    var limits: [Limit] = []
    if let emailThrottle {
      limits.append(Limit(key: Throttle.Key(emailKind, email: email), throttle: emailThrottle, isOfNetwork: false))
    }
    if let network = client.ipAddress?.network, let networkThrottle {
      limits.append(Limit(key: Throttle.Key(networkKind, network: network), throttle: networkThrottle, isOfNetwork: true))
    }
    self.init(limits, memory: memory, at: now)
  }
}
