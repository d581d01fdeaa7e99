internal import Glibc

/// Where an ``Auth`` reads the time. Tests pass a clock that they turn by hand.
public protocol WallClock: Sendable {
  /// The time of day, which may jump when an operator sets the system's clock: sessions end by the calendar.
  var now: Timestamp { get }
}

/// The system's clock.
public struct SystemClock: WallClock {
  public init() {}

  public var now: Timestamp { Timestamp(secondsSince1970: Int64(time(nil))) }
}
