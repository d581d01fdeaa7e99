#if Postgres
internal import Synchronization

/// Connects to the server that takes writes, whichever of the hosts that is just now.
final class PostgresConnector: Sendable {
  private struct State {
    /// The hosts in the order in which they are tried.
    var hosts: [PostgresConfiguration.Host]
    /// The highest timeline that a server had: each promotion begins a new one.
    var timeline: UInt32 = 0
  }

  let configuration: PostgresConfiguration
  private let state: Mutex<State>

  init(_ configuration: PostgresConfiguration) {
    self.configuration = configuration
    state = Mutex(State(hosts: configuration.hosts))
  }

  /// A connection to the first host that takes writes. This blocks for as long as the resolver and the hosts let it.
  func connect() throws(PostgresOpenError) -> PostgresConnection {
    var problems: [String] = []
    for host in state.withLock(\.hosts) {
      do throws(PostgresOpenError) {
        let connection = try connect(to: host)
        state.withLock { state in
          // The others of this process need not look for it.
          state.hosts.removeAll { $0 == host }
          state.hosts.insert(host, at: 0)
        }
        return connection
      } catch .cannotConnect(let reason) {
        problems.append(reason)
        putLast(host)
      } catch {
        throw error
      }
    }
    throw .cannotConnect(problems.joined(separator: "; "))
  }

  /// Whether a standby has been promoted since the connection was made: its server may not know that, and would go on as before.
  func isOutdated(_ connection: PostgresConnection) -> Bool {
    state.withLock { $0.timeline > connection.timeline }
  }

  /// Tries the host after all others the next time.
  func putLast(_ host: PostgresConfiguration.Host) {
    state.withLock { state in
      state.hosts.removeAll { $0 == host }
      state.hosts.append(host)
    }
  }

  private static let nothing = PostgresStatement("nothing", "SELECT 1")
  private static let check = PostgresStatement(
    "check_server",
    """
    SELECT pg_backend_pid(), current_setting('server_encoding'), substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8),
      current_setting('synchronous_standby_names')
    """)

  private func connect(to host: PostgresConfiguration.Host) throws(PostgresOpenError) -> PostgresConnection {
    let connection: PostgresConnection
    do throws(PostgresError) {
      connection = try PostgresConnection(to: host, configuration.options(for: host))
    } catch {
      // pgbouncer knows only a few parameters of a connection.
      if error.message.contains("unsupported startup parameter") { throw .pooler }
      throw .cannotConnect("\(host.description): \(error)")
    }
    // In transactions of their own, which a pooler may give to several servers.
    let checks = [[PostgresQuery(Self.nothing)], [PostgresQuery(Self.check)]]
    let outcome = connection.run(checks, until: .now + configuration.timeout)
    guard outcome.loss == nil, case .success(let found)? = outcome.results[1].first else {
      let error = outcome.results.joined().compactMap { if case .failure(let error) = $0 { error.description } else { nil } }
        .first
      throw .cannotConnect("\(host.description): \(outcome.loss.map { "\($0)" } ?? error ?? "no result")")
    }
    guard connection.serverVersion >= 140_000 else { throw .oldServer("\(connection.serverVersion / 10_000)") }
    // A pooler gives a number of its own.
    guard found.integer(0, 0) == Int64(connection.backendID) else { throw .pooler }
    guard found.text(0, 1) == "UTF8" else { throw .wrongEncoding(found.text(0, 1)) }
    let timeline = UInt32(found.text(0, 2), radix: 16) ?? 0
    let highest = state.withLock { state in
      state.timeline = max(state.timeline, timeline)
      return state.timeline
    }
    connection.timeline = timeline
    connection.isReplicated = !found.text(0, 3).isEmpty
    guard timeline == highest else {
      // It does not know that another server has been promoted; sessions that were ended there are still live here.
      throw .cannotConnect("\(host.description): has timeline \(timeline), although a server with timeline \(highest) was seen")
    }
    return connection
  }
}
#endif
