/// How failures slow down whoever makes them: the first few have no effect, then each begins a pause, twice as long as the last.
///
/// What is asked during a pause is refused and does not make the pause longer. In that of an address it still counts for the network.
public struct Throttle: Sendable, Equatable {
  /// The failure in a row with which the first pause begins.
  public var threshold: Int

  /// Whole seconds.
  public var firstDelay: Duration

  /// Pauses grow up to this one. Whole seconds.
  public var longestDelay: Duration

  /// One failure is forgiven for each such time that passes without another, or nil for none: then only a success ends the row.
  public var forgiveness: Duration?

  /// The failure in a row after which there is no further try, however long one waits, until the row is ended by other means: for log
  /// ins with an address by a new password set with a reset token. nil for no such end.
  public var lockThreshold: Int?

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
  /// How far the clocks of machines that share a store may be apart. A failure that lies further in the future was counted before a
  /// clock was set back, and begins no pause: it could last for years.
  private static let clockDifference = Duration.seconds(60)

  /// Whether no wait helps any more.
  func isLocked(by failures: Throttle.Counter) -> Bool {
    lockThreshold.map { failures.count >= $0 } ?? false
  }

  /// How long is still to wait; nil when there is no pause. Where no wait helps, the longest pause, as in the pauses before.
  func pause(after failures: Throttle.Counter, at now: Timestamp) -> Duration? {
    guard !isLocked(by: failures) else { return longestDelay }
    let end = failures.lastAt + delayLength(after: failures.count)
    guard failures.count >= threshold, now < end, failures.lastAt <= now + Self.clockDifference else { return nil }
    return .seconds(end.secondsSince1970 - now.secondsSince1970)
  }

  /// The count after one more failure.
  func adding(to failures: Throttle.Counter, at now: Timestamp) -> Throttle.Counter {
    var count = failures.count
    if let forgiveness, count > 0 {
      let (elapsed, isBeyond) = now.secondsSince1970.subtractingReportingOverflow(failures.lastAt.secondsSince1970)
      let forgiven = isBeyond ? Int64(count) : max(elapsed, 0) / max(forgiveness.components.seconds, 1)
      count = Int(max(0, Int64(count) - forgiven))
    }
    return Throttle.Counter(count: count + 1, lastAt: now)
  }

  private func delayLength(after count: Int) -> Duration {
    let doublings = count - threshold
    guard doublings > 0 else { return min(firstDelay, longestDelay) }
    // Beyond, the longest pause is reached for sure, and the shift would overflow.
    guard doublings < 32 else { return longestDelay }
    return min(.seconds(firstDelay.components.seconds << Int64(doublings)), longestDelay)
  }
}
