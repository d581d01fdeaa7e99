/// A moment in whole seconds since 1970-01-01 00:00:00 UTC. Stores keep all times in this form.
public struct Timestamp: Sendable, Hashable, Comparable {
  /// The seconds since 1970-01-01 00:00:00 UTC, negative before.
  public var secondsSince1970: Int64

  /// Makes the moment from its seconds since 1970-01-01 00:00:00 UTC.
  public init(secondsSince1970: Int64) {
    self.secondsSince1970 = secondsSince1970
  }

  /// The earliest moment of all.
  public static let distantPast = Timestamp(secondsSince1970: .min)

  /// The latest moment of all.
  public static let distantFuture = Timestamp(secondsSince1970: .max)

  /// Whether `a` is earlier than `b`.
  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.secondsSince1970 < b.secondsSince1970 }

  /// The moment `duration` later. Fractions of a second are dropped, and the result is clamped to the range of the type.
  public static func + (moment: Timestamp, duration: Duration) -> Timestamp {
    let (sum, overflow) = moment.secondsSince1970.addingReportingOverflow(duration.components.seconds)
    return Timestamp(secondsSince1970: overflow ? (duration > .zero ? .max : .min) : sum)
  }

  /// The moment `duration` earlier. Fractions of a second are dropped, and the result is clamped to the range of the type.
  public static func - (moment: Timestamp, duration: Duration) -> Timestamp {
    let (difference, overflow) = moment.secondsSince1970.subtractingReportingOverflow(duration.components.seconds)
    return Timestamp(secondsSince1970: overflow ? (duration > .zero ? .min : .max) : difference)
  }
}

extension Duration {
  /// The whole seconds to wait, as people are told and as `Retry-After` says: rounded up, at least 1.
  package var wholeSecondsRoundedUp: Int64 {
    max(1, components.seconds + (components.attoseconds > 0 ? 1 : 0))
  }
}
