/// A try at a password, or a request that is limited like one: what is counted for it, and by which rules.
struct Attempt: Sendable {
  private struct Limit: Sendable {
    let key: Throttle.Key
    let throttle: Throttle
    /// A success ends an address's row of failures, but not a network's, for an attacker has an account, too.
    let isOfNetwork: Bool
  }

  private let limits: [Limit]
  private let memory: Duration

  /// A try at the password of this address, which need not be one.
  init(on email: String, from client: Client, under policy: AuthPolicy) {
    self.init(
      address: .logIn(email), policy.throttling.loginPerEmail,
      network: (client.address?.network).map { .logIn($0) }, policy.throttling.loginPerNetwork, memory: policy.throttling.memory)
  }

  /// A request of a reset token for this address, which need not be one.
  init(resetting email: String, from client: Client, under policy: AuthPolicy) {
    self.init(
      address: .reset(email), policy.throttling.resetPerEmail,
      network: (client.address?.network).map { .reset($0) }, policy.throttling.resetPerNetwork, memory: policy.throttling.memory)
  }

  private init(
    address: Throttle.Key, _ addressThrottle: Throttle?, network: Throttle.Key?, _ networkThrottle: Throttle?, memory: Duration
  ) {
    var limits: [Limit] = []
    if let addressThrottle { limits.append(Limit(key: address, throttle: addressThrottle, isOfNetwork: false)) }
    if let network, let networkThrottle {
      limits.append(Limit(key: network, throttle: networkThrottle, isOfNetwork: true))
    }
    self.init(limits, memory: memory)
  }

  private init(_ limits: [Limit], memory: Duration) {
    self.limits = limits
    self.memory = memory
  }

  var keys: [Throttle.Key] { limits.map(\.key) }

  /// What of it concerns the network alone.
  var ofNetwork: Attempt { Attempt(limits.filter(\.isOfNetwork), memory: memory) }
}

extension Attempt {
  enum Outcome: Sendable, Equatable {
    case counted
    /// The failure was counted, and a pause begins with it.
    case beginsPause
    /// There is a pause. For an address in its pause nothing counts; its network goes on being counted.
    case refused(retryAfter: Duration)
  }

  /// The longest of the pauses that there are; nil for none.
  func pause(_ counts: [Throttle.Counter], at now: Timestamp) -> Duration? {
    zip(limits, counts).compactMap { $0.throttle.pause(after: remembered($1, under: $0.throttle, at: now), at: now) }.max()
  }

  func count(success isSuccess: Bool, in counts: inout [Throttle.Counter], at now: Timestamp) -> Outcome {
    if let pause = pause(counts, at: now) {
      countForNetwork(in: &counts, at: now)
      return .refused(retryAfter: pause)
    }
    for (index, limit) in limits.enumerated() {
      if !isSuccess {
        counts[index] = limit.throttle.adding(to: remembered(counts[index], under: limit.throttle, at: now), at: now)
      } else if !limit.isOfNetwork {
        counts[index] = .none
      }
    }
    return pause(counts, at: now) == nil ? .counted : .beginsPause
  }

  /// In the pause of an address its network goes on being counted, whatever came of the attempt: a password costs a hash, and one
  /// client must not have any number of them for nothing.
  private func countForNetwork(in counts: inout [Throttle.Counter], at now: Timestamp) {
    for (index, limit) in limits.enumerated() where limit.isOfNetwork {
      let count = remembered(counts[index], under: limit.throttle, at: now)
      guard limit.throttle.pause(after: count, at: now) == nil else { continue }
      counts[index] = limit.throttle.adding(to: count, at: now)
    }
  }

  /// What is forgotten counts for nothing, whether it is purged or not.
  private func remembered(_ count: Throttle.Counter, under throttle: Throttle, at now: Timestamp) -> Throttle.Counter {
    count.lastAt < now - memory && !throttle.isLocked(by: count) ? .none : count
  }
}
