#if Postgres
public import AuthCore
internal import Glibc
internal import Synchronization

/// The clock of a database, by which all servers that share it tell the time: otherwise, one whose own clock is wrong would undo
/// the delays that others have begun, and deliver what others are delivering.
///
/// It is read with each connection and each purge. Between those, it goes on by what has elapsed on this machine, whose own date
/// may be set meanwhile.
public final class PostgresClock: WallClock {
  /// The milliseconds since 1970 that the database's clock shows.
  static let sql = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"

  private struct State {
    /// What the database's clock showed when the machine started, in milliseconds since 1970; nil before it was first read.
    var start: Int64?
    /// The difference to this machine's clock that the operator was told of.
    var told: Int64 = 0
  }

  private let state = Mutex(State())
  private let onWarning: @Sendable (String) -> Void

  init(onWarning: @escaping @Sendable (String) -> Void) {
    self.onWarning = onWarning
  }

  /// The time of the database.
  public var now: Timestamp {
    guard let start = state.withLock(\.start) else { return SystemClock().now }
    let now = start + Self.elapsed
    return Timestamp(secondsSince1970: now >= 0 ? now / 1000 : (now - 999) / 1000)
  }

  /// The database's clock showed `moment` at some time between these two of ``elapsed``.
  ///
  /// - Returns: whether that is another time, by more than some seconds, than this showed until now.
  @discardableResult
  func set(to moment: Int64, between first: Int64, and last: Int64) -> Bool {
    let (start, uncertainty) = (moment - (first + last) / 2, (last - first) / 2)
    let difference = moment - Self.milliseconds(CLOCK_REALTIME) + (Self.elapsed - (first + last) / 2)
    let tolerated: Int64 = 5_000
    let (isNews, hasMoved) = state.withLock { state in
      let change = abs((state.start ?? start) - start)
      // A slow response says nothing against what was known before.
      if state.start == nil || change > uncertainty { state.start = start }
      if abs(difference) + uncertainty < tolerated / 2 { state.told = 0 }
      let isNews = abs(difference) > tolerated + uncertainty && abs(difference - state.told) > tolerated + uncertainty
      if isNews { state.told = difference }
      return (isNews, change > tolerated + uncertainty)
    }
    guard isNews else { return hasMoved }
    onWarning(
      "this machine's clock is \(abs(difference) / 1000) s \(difference > 0 ? "behind" : "ahead of") that of the database, whose "
        + "time counts; let both follow a time server")
    return hasMoved
  }

  /// The milliseconds since this machine started.
  static var elapsed: Int64 { milliseconds(CLOCK_BOOTTIME) }

  private static func milliseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    // SAFETY: the structure is written before the call returns.
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
#endif
