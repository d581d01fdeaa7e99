#if Postgres
internal import Synchronization

/// Connects to the server that takes writes, whichever of the hosts that is just now.
final class PostgresConnector: Sendable {
  /// What a connection is for.
  enum Purpose {
    case lookups, changes
    /// Lookups that may take long.
    case scans
  }

  /// A server, as it was when a connection to it was made.
  private struct Server: Equatable {
    var host: PostgresConfiguration.Host
    /// Each promotion of a standby begins a new one.
    var timeline: UInt32
    /// Whether its commits wait for a standby.
    var isReplicated: Bool
    /// How much of the log was on its disk, in bytes.
    var logPosition: Int64
  }

  private struct State {
    /// The hosts in the order in which they are tried.
    var hosts: [PostgresConfiguration.Host]
    /// The highest timeline that a server had.
    var timeline: UInt32 = 0
    /// The one that was connected to last.
    var server: Server?
    /// The last host that did not respond in time, and since when it did not.
    var suspect: (host: PostgresConfiguration.Host, since: ContinuousClock.Instant)?
  }

  let configuration: PostgresConfiguration
  let clock: PostgresClock
  private let metrics: PostgresMetrics
  private let onWarning: @Sendable (String) -> Void
  private let state: Mutex<State>

  /// - Parameter onWarning: is told what an operator should know of the servers, in sentences.
  init(_ configuration: PostgresConfiguration, metrics: PostgresMetrics, onWarning: @escaping @Sendable (String) -> Void) {
    self.configuration = configuration
    clock = PostgresClock(onWarning: onWarning)
    self.metrics = metrics
    self.onWarning = onWarning
    state = Mutex(State(hosts: configuration.hosts))
  }

  /// A connection to the first host that takes writes. This blocks for as long as the resolver and the hosts let it.
  func connect(for purpose: Purpose = .lookups) throws(PostgresOpenError) -> PostgresConnection {
    var problems: [String] = []
    var waitsForStandby = false
    let (hosts, timeline) = state.withLock { ($0.hosts, $0.timeline) }
    // A process that has seen no server yet would believe an old primary that happens to be the first.
    if timeline == 0 { for host in hosts.dropFirst() { _ = try? reach(host) } }
    for host in hosts {
      do throws(PostgresOpenError) {
        let connection = try connect(to: host, for: purpose)
        state.withLock { state in
          // The others of this process need not look for it.
          state.hosts.removeAll { $0 == host }
          state.hosts.insert(host, at: 0)
        }
        return connection
      } catch .cannotConnect(let reason) {
        problems.append(reason)
        putLast(host)
      } catch .standbyDoesNotRespond {
        // Another host may have been promoted: that is its standby.
        waitsForStandby = true
        putLast(host)
      } catch {
        throw error
      }
    }
    if waitsForStandby { throw .standbyDoesNotRespond }
    throw .cannotConnect(problems.joined(separator: "; "))
  }

  /// Whether the connection must not be used any more. Either a standby has been promoted since it was made, which its server may
  /// not know, or its host has stopped responding since it was used.
  func isOutdated(_ connection: PostgresConnection) -> Bool {
    state.withLock { state in
      if state.timeline > connection.timeline { return true }
      guard let suspect = state.suspect else { return false }
      return suspect.since > connection.lastResponse && suspect.host == connection.host
    }
  }

  /// A connection to the host has not responded in time to what it was sent at this moment.
  func noteTimeout(_ host: PostgresConfiguration.Host, since start: ContinuousClock.Instant) {
    state.withLock { $0.suspect = (host, start) }
    putLast(host)
  }

  /// Tries the host after all others the next time.
  private func putLast(_ host: PostgresConfiguration.Host) {
    state.withLock { state in
      state.hosts.removeAll { $0 == host }
      state.hosts.append(host)
    }
  }

  private static let nothing = PostgresStatement("nothing", "SELECT 1")
  // Of the connections of this role, those that have waited long for a standby: their clients have gone, but the server goes on
  // waiting, and no setting of it ends that.
  private static let check = PostgresStatement(
    "check_server",
    """
    SELECT pg_backend_pid(), current_setting('server_encoding'), substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8),
      current_setting('synchronous_standby_names'), (pg_current_wal_flush_lsn() - '0/0')::bigint,
      \(PostgresClock.sql),
      EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user
        AND wait_event = 'SyncRep' AND query_start < clock_timestamp() - $1 * interval '1 millisecond')
    """, [.bigint])

  private func connect(
    to host: PostgresConfiguration.Host, for purpose: Purpose
  ) throws(PostgresOpenError) -> PostgresConnection {
    let before = state.withLock(\.server)
    let (connection, found, start, end) = try reach(host)
    let highest = state.withLock(\.timeline)
    guard connection.timeline == highest else {
      // It does not know that another server has been promoted; sessions that were ended there are still live here.
      throw .cannotConnect(
        "\(host.description): has timeline \(connection.timeline), although a server with timeline \(highest) was seen")
    }
    let server = Server(
      host: host, timeline: connection.timeline, isReplicated: connection.isReplicated, logPosition: found.integer(0, 4))
    note(server, after: before)
    clock.set(to: found.integer(0, 5), between: start, and: end)
    if purpose == .changes, found.boolean(0, 6) { throw .standbyDoesNotRespond }
    return connection
  }

  /// A connection to the host, if that takes writes, and what ``check`` found between two times of ``PostgresClock/elapsed``. Its
  /// timeline counts as seen.
  private func reach(
    _ host: PostgresConfiguration.Host
  ) throws(PostgresOpenError) -> (connection: PostgresConnection, found: PostgresResult, start: Int64, end: Int64) {
    let connection: PostgresConnection
    do throws(PostgresError) {
      connection = try PostgresConnection(to: host, configuration.options(for: host))
    } catch {
      // pgbouncer knows only a few parameters of a connection.
      if error.message.contains("unsupported startup parameter") { throw .pooler }
      throw .cannotConnect("\(host.description): \(error)")
    }
    // In transactions of their own, which a pooler may give to several servers.
    var check = PostgresQuery(Self.check)
    // Others than those whose clients have given up may still get a response.
    check.add(configuration.timeoutMilliseconds)
    let checks = [[PostgresQuery(Self.nothing)], [check]]
    let start = PostgresClock.elapsed
    let outcome = connection.run(checks, until: .now + configuration.timeout)
    let end = PostgresClock.elapsed
    guard outcome.loss == nil, case .success(let found)? = outcome.results[1].first else {
      let error = outcome.results.joined().compactMap { if case .failure(let error) = $0 { error.description } else { nil } }
        .first
      throw .cannotConnect("\(host.description): \(outcome.loss.map { "\($0)" } ?? error ?? "no result")")
    }
    guard connection.serverVersion >= 140_000 else { throw .oldServer("\(connection.serverVersion / 10_000)") }
    // A pooler gives a number of its own.
    guard found.integer(0, 0) == Int64(connection.backendID) else { throw .pooler }
    guard found.text(0, 1) == "UTF8" else { throw .wrongEncoding(found.text(0, 1)) }
    connection.timeline = UInt32(found.text(0, 2), radix: 16) ?? 0
    connection.isReplicated = !found.text(0, 3).isEmpty
    state.withLock { $0.timeline = max($0.timeline, connection.timeline) }
    return (connection, found, start, end)
  }

  /// Tells an operator how the server differs from the one that was connected to last.
  ///
  /// - Parameter before: the one at the time at which this attempt to connect began. Others may have ended meanwhile.
  private func note(_ server: Server, after before: Server?) {
    let former = state.withLock { state in
      defer { state.server = server }
      return state.server
    }
    if let former, server.host != former.host || server.timeline != former.timeline {
      metrics.noteFailover()
      onWarning(
        "the database is at \(server.host.description), timeline \(server.timeline), now; it was at "
          + "\(former.host.description), timeline \(former.timeline)")
    }
    if !server.isReplicated, former?.isReplicated ?? true { onWarning("\(PostgresOpenError.notReplicated)") }
    if let before, server.logPosition < before.logPosition {
      onWarning(
        "the database is in an earlier state than before: changes are missing, sessions, passwords and tokens of that time are "
          + "valid again, and ids of users may be given out a second time")
    }
  }
}
#endif
