extension Throttle {
  /// An attempt at a password, or a request that is limited like one: the counters that it affects, their rules, and its result.
  ///
  /// A store settles it where it keeps the counters: ``settle(_:queueing:)`` is the one place that says what an attempt does to
  /// them.
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
    public var limits: [Limit]
    /// Where successes with this email from this network are remembered; nil if they are not. A user who succeeded
    /// there is not refused for the failures of others in the network.
    public var knownNetwork: Key?
    /// Whether the client has a session of the account. It is not refused for the failures of others in its network either.
    public var isFromKnownDevice: Bool
    /// How long a counter is remembered after its last attempt, unless it locks.
    public var memory: Duration
    /// Whether it succeeded. A request that is only limited never does.
    public var isSuccess: Bool
    /// When it is counted.
    public var at: Timestamp
    /// What the owner of the email is told if it fails; nil if no account has the email, or nothing is told.
    public var alert: Alert?

    /// An attempt with these values.
    public init(
      _ limits: [Limit], knownNetwork: Key? = nil, isFromKnownDevice: Bool = false, memory: Duration, isSuccess: Bool = false,
      at: Timestamp, alert: Alert? = nil
    ) {
      self.limits = limits
      self.knownNetwork = knownNetwork
      self.isFromKnownDevice = isFromKnownDevice
      self.memory = memory
      self.isSuccess = isSuccess
      self.at = at
      self.alert = alert
    }

    /// The keys of the counters: those of ``limits``, in their order, then ``knownNetwork``, then that of ``alert``.
    public var keys: [Key] { keysButAlert + (alert.map { [$0.key] } ?? []) }

    /// The keys without that of ``alert``.
    package var keysButAlert: [Key] { limits.map(\.key) + (knownNetwork.map { [$0] } ?? []) }
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
  ///
  /// - Parameters:
  ///   - counters: those of its keys, before and after.
  ///   - message: becomes the message that is to be queued in the same step, if its user exists; nil for none.
  public func settle(_ counters: inout [Throttle.Counter], queueing message: inout OutboxMessage?) -> Throttle.Outcome {
    let outcome = settle(&counters)
    message = nil
    guard let alert, !isSuccess, let index = limits.firstIndex(where: { !$0.isOfNetwork }) else { return outcome }
    if case .refused = outcome { return outcome }
    let last = keys.count - 1
    message = alert.message(after: counters[index], under: limits[index].throttle, last: counters[last], at: at)
    if message != nil { counters[last] = Throttle.Counter(count: 1, lastAt: at) }
    return outcome
  }

  /// Counts the attempt as ``settle(_:queueing:)`` does, without what is queued.
  package func settle(_ counters: inout [Throttle.Counter]) -> Throttle.Outcome {
    let isKnown = isKnown(counters)
    if let delay = delay(counters, isKnown: isKnown) {
      countForNetwork(in: &counters)
      return .refused(retryAfter: delay)
    }
    for (index, limit) in limits.enumerated() {
      switch (isSuccess, limit.isOfNetwork) {
      case (true, true): break
      case (true, false): counters[index] = .none
      // The account's own counter limits them. Counted for the network, they would delay others only.
      case (false, true) where isKnown: break
      case (false, _): counters[index] = limit.throttle.adding(to: remembered(counters[index], under: limit.throttle), at: at)
      }
    }
    if isSuccess, knownNetwork != nil { remember(&counters[limits.count]) }
    return delay(counters, isKnown: isKnown) == nil ? .counted : .beginsDelay
  }

  /// The keys that ``delayBeforeCheck(_:)`` needs: none where no network is limited.
  var keysBeforeCheck: [Throttle.Key] { limits.contains(where: \.isOfNetwork) ? keysButAlert : [] }

  /// The delay for which the attempt is refused before its password is checked: that of the network, because each check costs a
  /// hash. A user who is known there is refused during a delay of the email alone, and then before the check as well, so that no
  /// one gets an unlimited number of hashes for an account of their own.
  func delayBeforeCheck(_ counters: [Throttle.Counter]) -> Duration? {
    guard let delay = delay(counters, of: \.isOfNetwork) else { return nil }
    return isKnown(counters) ? self.delay(counters, isKnown: true) : delay
  }

  /// The attempt with its result.
  func ended(isSuccess: Bool, at now: Timestamp) -> Throttle.Attempt {
    var attempt = self
    attempt.isSuccess = isSuccess
    attempt.at = now
    return attempt
  }

  /// The longest delay in force for an attempt of a client that is not known; nil if there is none.
  func delay(_ counters: [Throttle.Counter]) -> Duration? { delay(counters, isKnown: false) }

  /// The longest delay in force for the attempt; nil if there is none.
  private func delay(_ counters: [Throttle.Counter], isKnown: Bool) -> Duration? {
    delay(counters) { !($0.isOfNetwork && isKnown) }
  }

  private func delay(_ counters: [Throttle.Counter], of isMeant: (Limit) -> Bool) -> Duration? {
    zip(limits, counters).compactMap { limit, counter in
      isMeant(limit) ? limit.throttle.delay(after: remembered(counter, under: limit.throttle), at: at) : nil
    }.max()
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
  private func isKnown(_ counters: [Throttle.Counter]) -> Bool {
    isFromKnownDevice || knownNetwork != nil && counters[limits.count].count > 0 && counters[limits.count].lastAt >= at - memory
  }

  /// Once a day is enough: a login that changes no counter is cheaper.
  private func remember(_ success: inout Throttle.Counter) {
    guard success.count == 0 || success.lastAt + min(memory / 2, .seconds(86_400)) <= at else { return }
    success = Throttle.Counter(count: 1, lastAt: at)
  }
}

extension Throttle.Attempt {
  /// An attempt that is counted for the client's network, if that is known and there is a throttle.
  init(from client: Client, _ kind: Throttle.Key.Kind, _ throttle: Throttle?, memory: Duration, at now: Timestamp) {
    var limits: [Limit] = []
    if let network = client.ipAddress?.network, let throttle {
      limits.append(Limit(key: Throttle.Key(kind, network: network), throttle: throttle, isOfNetwork: true))
    }
    self.init(limits, memory: memory, at: now)
  }

  /// An attempt that is counted for an email, whether it has an account or not, and for the client's network; for each only if
  /// there is a throttle, and for the network only if it is known.
  init(
    _ email: String, _ emailKind: Throttle.Key.Kind, _ emailThrottle: Throttle?,
    from client: Client, _ networkKind: Throttle.Key.Kind, _ networkThrottle: Throttle?, memory: Duration, at now: Timestamp
  ) {
    self.init(from: client, networkKind, networkThrottle, memory: memory, at: now)
    if let emailThrottle {
      limits.insert(Limit(key: Throttle.Key(emailKind, email: email), throttle: emailThrottle, isOfNetwork: false), at: 0)
    }
  }
}
