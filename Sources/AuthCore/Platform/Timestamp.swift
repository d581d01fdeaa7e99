/// A moment in whole seconds since 1970-01-01 00:00:00 UTC, the unit in which everything is stored.
public struct Timestamp: Sendable, Hashable, Comparable {
  public var secondsSince1970: Int64

  public init(secondsSince1970: Int64) {
    self.secondsSince1970 = secondsSince1970
  }

  /// Before every other moment.
  public static let distantPast = Timestamp(secondsSince1970: .min)

  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.secondsSince1970 < b.secondsSince1970 }

  /// The moment `duration` later, fractions of a second dropped; the last or first that can be expressed where it lies beyond.
  public static func + (moment: Timestamp, duration: Duration) -> Timestamp {
    let (sum, overflow) = moment.secondsSince1970.addingReportingOverflow(duration.components.seconds)
    return Timestamp(secondsSince1970: overflow ? (duration > .zero ? .max : .min) : sum)
  }

  /// The moment `duration` earlier, fractions of a second dropped; the first or last that can be expressed where it lies beyond.
  public static func - (moment: Timestamp, duration: Duration) -> Timestamp {
    let (difference, overflow) = moment.secondsSince1970.subtractingReportingOverflow(duration.components.seconds)
    return Timestamp(secondsSince1970: overflow ? (duration > .zero ? .min : .max) : difference)
  }
}

extension Duration {
  /// At least 1, as a time to wait is told to people and in `Retry-After`.
  package var wholeSecondsRoundedUp: Int64 {
    max(1, components.seconds + (components.attoseconds > 0 ? 1 : 0))
  }
}
