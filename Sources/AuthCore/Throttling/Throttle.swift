/// The rule by which failures delay further attempts. The first few have no effect; each one after that begins a delay, twice as
/// long as the previous one.
///
/// An attempt during a delay is refused and does not prolong it.
public struct Throttle: Sendable, Equatable {
  /// The number of consecutive failures with which the first delay begins.
  public var threshold: Int

  /// The length of the first delay. Whole seconds.
  public var firstDelay: Duration

  /// The limit to which delays grow. Whole seconds.
  public var longestDelay: Duration

  /// The time without a failure after which one failure is forgiven. If nil, none is forgiven: only a success resets the count.
  public var forgiveness: Duration?

  /// The number of consecutive failures after which waiting no longer helps: the email is locked until a new password is set with
  /// a reset token. nil if nothing is ever locked.
  public var lockThreshold: Int?

  /// A throttle with these rules.
  public init(
    threshold: Int, firstDelay: Duration, longestDelay: Duration, forgiveness: Duration? = nil, lockThreshold: Int? = nil
  ) {
    self.threshold = threshold
    self.firstDelay = firstDelay
    self.longestDelay = longestDelay
    self.forgiveness = forgiveness
    self.lockThreshold = lockThreshold
  }
}

extension Throttle {
  /// How far the clocks of machines that share a store may differ. A failure that lies further in the future was counted before a
  /// clock was set back. It begins no delay, because such a delay could last for years.
  static let clockDifference = Duration.seconds(60)

  /// Whether the counter has reached ``lockThreshold``, so that waiting no longer helps.
  func isLocked(by counter: Counter) -> Bool {
    lockThreshold.map { counter.count >= $0 } ?? false
  }

  /// The time that is left of a delay; nil if there is none. Under a lock it is always the longest delay.
  func delay(after counter: Counter, at now: Timestamp) -> Duration? {
    guard !isLocked(by: counter) else { return longestDelay }
    let end = counter.lastAt + delayLength(after: counter.count)
    guard counter.count >= threshold, now < end, counter.lastAt <= now + Self.clockDifference else { return nil }
    return .seconds(end.secondsSince1970 - now.secondsSince1970)
  }

  /// The counter after one more failure.
  func adding(to counter: Counter, at now: Timestamp) -> Counter {
    var count = counter.count
    if let forgiveness, count > 0 {
      let (elapsed, isBeyond) = now.secondsSince1970.subtractingReportingOverflow(counter.lastAt.secondsSince1970)
      let sinceLast = isBeyond ? (counter.lastAt < now ? Int64.max : 0) : max(elapsed, 0)
      let forgiven = sinceLast / max(forgiveness.components.seconds, 1)
      count = Int(max(0, Int64(count) - forgiven))
    }
    // A damaged database may hold any number.
    return Counter(count: min(count, .max - 1) + 1, lastAt: now)
  }

  private func delayLength(after count: Int) -> Duration {
    let doublings = count - threshold
    guard doublings > 0 else { return min(firstDelay, longestDelay) }
    // Beyond 32 the longest delay is certain, and the shift would overflow.
    guard doublings < 32 else { return longestDelay }
    return min(.seconds(firstDelay.components.seconds << Int64(doublings)), longestDelay)
  }
}
