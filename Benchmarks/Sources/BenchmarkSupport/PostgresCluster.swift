package import Foundation

/// A PostgreSQL server of its own, whose commits reach the disk.
package final class PostgresCluster: Sendable {
  private let directory: URL
  /// Of its own, because the path of a socket has little room.
  private let sockets = FileManager.default.temporaryDirectory.appending(path: "auth-\(UUID().uuidString.prefix(8))").path
  private let programs: String
  private let user: [String]

  package init(in directory: URL) throws {
    self.directory = directory
    programs = try run(["bash", "-c", "ls -d /usr/lib/postgresql/*/bin | tail -n 1"])
      .trimmingCharacters(in: .whitespacesAndNewlines)
    // PostgreSQL refuses to run as root.
    user = getuid() == 0 ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"] : []
    try FileManager.default.createDirectory(atPath: sockets, withIntermediateDirectories: false)
    if getuid() == 0 { _ = try run(["chown", "postgres", directory.path, sockets]) }
    _ = try run(
      user + ["\(programs)/initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale", "C.UTF-8"])
    try control("start")
  }

  private var data: String { directory.appending(path: "data").path }

  private func control(_ command: String) throws {
    _ = try run(
      // The server that it starts would keep open whatever this process waits for.
      user + [
        "bash", "-c", Self.detached, "\(programs)/pg_ctl", "-D", data, "-w", "-l",
        directory.appending(path: "log").path, "-o",
        "-k \(sockets) -c listen_addresses= -c shared_buffers=1GB -c max_connections=200", command,
      ])
  }

  private static let detached = """
    for file in /proc/$$/fd/*; do descriptor=${file##*/}; [ "$descriptor" -le 2 ] || eval "exec $descriptor>&-"; done
    exec "$0" "$@" > /dev/null 2>&1
    """

  package func stop() {
    try? control("stop")
    try? FileManager.default.removeItem(atPath: sockets)
  }

  package var url: String { "postgres://postgres@/postgres?host=\(sockets)" }

  @discardableResult
  package func sql(_ statement: String) throws -> String {
    try run(["psql", "-At", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement])
  }

  /// Lets each commit that waits for the disk wait longer, as if syncs were slower.
  package func delayCommits(microseconds: Int) throws {
    try sql("ALTER SYSTEM SET commit_siblings = 0")
    try sql("ALTER SYSTEM SET commit_delay = \(microseconds)")
    try sql("SELECT pg_reload_conf()")
  }

  /// Transactions a second of a script of pgbench.
  package func pgbench(_ script: String, clients: Int, seconds: Int) throws -> Double {
    let file = directory.appending(path: "script.sql")
    try Data(script.utf8).write(to: file)
    return try pgbench(["-f", file.path], clients: clients, seconds: seconds)
  }

  /// Transactions a second of pgbench's own: an update and an insertion.
  package func simpleUpdates(clients: Int, seconds: Int) throws -> Double {
    _ = try run(["\(programs)/pgbench", "-i", "-q", "-s", "10", url])
    return try pgbench(["-N"], clients: clients, seconds: seconds)
  }

  private func pgbench(_ options: [String], clients: Int, seconds: Int) throws -> Double {
    let output = try run(
      ["\(programs)/pgbench", "-n", "-M", "prepared", "-c", "\(clients)", "-j", "1", "-T", "\(seconds)"] + options + [url])
    guard let match = output.firstMatch(of: /tps = ([0-9.]+)/), let rate = Double(match.1) else {
      throw CommandFailure(message: "pgbench printed no rate:\n\(output)")
    }
    return rate
  }

  /// The processor time, in seconds, that all processes of the server have had.
  package func processorSeconds() throws -> Double {
    let script = """
      pid=$(head -n 1 '\(data)/postmaster.pid')
      cat /proc/$pid/stat $(pgrep -P $pid | sed 's|.*|/proc/&/stat|') | awk '{sum += $14 + $15 + $16 + $17} END {print sum}'
      """
    let ticks = try run(["bash", "-c", script]).trimmingCharacters(in: .whitespacesAndNewlines)
    return (Double(ticks) ?? 0) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
