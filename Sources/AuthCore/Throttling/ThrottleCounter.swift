extension Throttle {
  /// How many attempts in a row were counted for a ``Key``.
  public struct Counter: Sendable, Equatable {
    /// The number of attempts.
    public var count: Int
    /// The time of the last of them.
    public var lastAt: Timestamp

    /// A counter with these values.
    public init(count: Int, lastAt: Timestamp) {
      self.count = count
      self.lastAt = lastAt
    }

    /// The counter of a key for which nothing is stored.
    public static let none = Counter(count: 0, lastAt: Timestamp(secondsSince1970: 0))
  }
}
