#if Postgres
public import AuthCore
internal import Synchronization

/// The clock of a database, by which all servers that share it tell the time: otherwise, one whose own clock is wrong would undo
/// the delays that others have begun, and deliver what others are delivering.
public struct PostgresClock: WallClock {
  let connector: PostgresConnector

  /// The time of the database, as far as it is known since the last connection was made.
  public var now: Timestamp {
    let offset = connector.clockOffset.load(ordering: .relaxed)
    let now = PostgresConnector.milliseconds + offset
    return Timestamp(secondsSince1970: now >= 0 ? now / 1000 : (now - 999) / 1000)
  }
}
#endif
