internal import Glibc

/// The clock by which an ``Auth`` tells the time. Tests pass a clock that they set by hand.
public protocol WallClock: Sendable {
  /// The date and time of day. It may jump when an operator sets the system's clock: sessions end by the calendar.
  var now: Timestamp { get }
}

/// The system's clock, time(2).
public struct SystemClock: WallClock {
  /// Makes a clock. All show the same time.
  public init() {}

  /// The system's date and time of day.
  public var now: Timestamp { Timestamp(secondsSince1970: Int64(time(nil))) }
}
