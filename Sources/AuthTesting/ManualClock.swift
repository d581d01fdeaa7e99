public import AuthCore
internal import Synchronization

/// A clock that stands still until it is turned by hand.
///
///     let clock = ManualClock()
///     let auth = Auth(policy: .classic, store: InMemoryStore(), clock: clock)
///     clock.advance(by: .seconds(3600))
///
/// It may be read and turned from anywhere, at the same time.
public final class ManualClock: WallClock {
  private struct Reading {
    var start: Timestamp
    /// Kept apart from the start, which has whole seconds only: two halves make a second.
    var elapsed = Duration.zero
  }

  private let reading: Mutex<Reading>

  /// A clock that shows `start`: by default 2023-11-14 22:13:20 UTC.
  public init(_ start: Timestamp = Timestamp(secondsSince1970: 1_700_000_000)) {
    reading = Mutex(Reading(start: start))
  }

  /// What the clock shows, in whole seconds.
  public var now: Timestamp {
    reading.withLock { $0.start + $0.elapsed }
  }

  /// Turns the clock forward or, by a negative duration, back. Fractions of a second add up.
  public func advance(by duration: Duration) {
    reading.withLock { $0.elapsed += duration }
  }

  /// Makes the clock show `moment`, which may be in its past.
  public func set(to moment: Timestamp) {
    reading.withLock { $0 = Reading(start: moment) }
  }
}
