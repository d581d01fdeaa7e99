#if Postgres
internal import Synchronization

extension PostgresConnection {
  /// Whether commits wait for a standby.
  var isReplicated: Bool {
    get throws(PostgresOpenError) {
      do throws(PostgresError) {
        return try !execute("SHOW synchronous_standby_names").text(0, 0).isEmpty
      } catch {
        throw .refused("\(error)")
      }
    }
  }
}

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

  /// A connection in pipeline mode. This blocks.
  func connect() throws(PostgresOpenError) -> PostgresConnection {
    let connection = try connectPlainly()
    do throws(PostgresError) {
      try connection.beginPipeline()
    } catch {
      throw .cannotConnect(error.description)
    }
    return connection
  }

  /// A connection that runs scripts. This blocks.
  func connectPlainly() throws(PostgresOpenError) -> PostgresConnection {
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

  /// Tries the host that is used now after all others the next time, because it does not respond.
  func avoidCurrentHost() {
    state.withLock { state in state.hosts.append(state.hosts.removeFirst()) }
  }

  private func putLast(_ host: PostgresConfiguration.Host) {
    state.withLock { state in
      state.hosts.removeAll { $0 == host }
      state.hosts.append(host)
    }
  }

  private func connect(to host: PostgresConfiguration.Host) throws(PostgresOpenError) -> PostgresConnection {
    let connection: PostgresConnection
    let found: PostgresResult
    do throws(PostgresError) {
      connection = try PostgresConnection(configuration.options(for: host))
      // In transactions of their own, which a pooler may give to several servers.
      _ = try connection.execute("SELECT 1")
      found = try connection.execute(
        """
        SELECT pg_backend_pid(), current_setting('server_encoding'), substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
        """)
    } catch {
      // pgbouncer knows only a few parameters of a connection.
      if error.message.contains("unsupported startup parameter") { throw .pooler }
      throw .cannotConnect("\(host.description): \(error)")
    }
    guard connection.serverVersion >= 140_000 else { throw .oldServer("\(connection.serverVersion / 10_000)") }
    // A pooler gives a number of its own.
    guard found.text(0, 0) == "\(connection.backendID)" else { throw .pooler }
    guard found.text(0, 1) == "UTF8" else { throw .wrongEncoding(found.text(0, 1)) }
    let timeline = UInt32(found.text(0, 2), radix: 16) ?? 0
    let highest = state.withLock { state in
      state.timeline = max(state.timeline, timeline)
      return state.timeline
    }
    guard timeline == highest else {
      // It does not know that another server has been promoted; sessions that were ended there are still live here.
      throw .cannotConnect("\(host.description): has timeline \(timeline), although a server with timeline \(highest) was seen")
    }
    return connection
  }
}
#endif
