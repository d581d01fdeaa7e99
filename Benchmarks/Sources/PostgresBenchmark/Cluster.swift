import BenchmarkSupport
import Foundation

/// A PostgreSQL server of its own, whose commits reach the disk, with as many users and twice as many sessions as are asked for.
final class Cluster: Sendable {
  let directory: URL
  let users: Int
  private let programs: String
  private let user: [String]

  init(users: Int, in directory: URL) throws {
    self.directory = directory
    self.users = users
    programs = try BenchmarkSupport.run(["bash", "-c", "ls -d /usr/lib/postgresql/*/bin | tail -n 1"])
      .trimmingCharacters(in: .whitespacesAndNewlines)
    // PostgreSQL refuses to run as root.
    user = getuid() == 0 ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"] : []
    if getuid() == 0 { _ = try BenchmarkSupport.run(["chown", "postgres", directory.path]) }
    _ = try BenchmarkSupport.run(
      user + ["\(programs)/initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale", "C.UTF-8"])
    try control("start")
  }

  private var data: String { directory.appending(path: "data").path }

  private func control(_ command: String) throws {
    _ = try BenchmarkSupport.run(
      // The server that it starts would keep open whatever this process waits for.
      user + [
        "bash", "-c", Self.detached, "\(programs)/pg_ctl", "-D", data, "-w", "-l",
        directory.appending(path: "log").path, "-o",
        "-k \(directory.path) -c listen_addresses= -c shared_buffers=1GB -c max_connections=200", command,
      ])
  }

  private static let detached = """
    for file in /proc/$$/fd/*; do descriptor=${file##*/}; [ "$descriptor" -le 2 ] || eval "exec $descriptor>&-"; done
    exec "$0" "$@" > /dev/null 2>&1
    """

  func stop() {
    try? control("stop")
  }

  var url: String { "postgres://postgres@/postgres?host=\(directory.path)" }

  @discardableResult
  func sql(_ statement: String) throws -> String {
    try BenchmarkSupport.run(["psql", "-At", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement])
  }

  /// Fills the tables, which the store has made. The digest of session i is that of the text i.
  func populate() throws {
    try sql(
      """
      INSERT INTO auth.users (email, hashed_password)
        SELECT 'user' || i || '@example.com', '$2b$10$' || rpad(md5(i::text), 53, 'x') FROM generate_series(1, \(users)) i;
      """)
    try sql(
      """
      INSERT INTO auth.sessions (id, user_id, created_at, last_used_at, expires_at, methods, ip_address, user_agent, user_email)
        SELECT sha256(i::text::bytea), u, 1790000000, 1790000000, 4000000000, 'pwd', '203.0.113.7',
          'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'user' || u || '@example.com'
        FROM (SELECT i, (i - 1) % \(users) + 1 u FROM generate_series(1, \(2 * users)) i) numbers;
      """)
    try sql("VACUUM ANALYZE")
  }

  /// Transactions a second of a script of pgbench.
  func pgbench(_ script: String, clients: Int, seconds: Int) throws -> Double {
    let file = directory.appending(path: "script.sql")
    try Data(script.utf8).write(to: file)
    return try pgbench(["-f", file.path], clients: clients, seconds: seconds)
  }

  /// Transactions a second of pgbench's own: an update and an insertion.
  func simpleUpdates(clients: Int, seconds: Int) throws -> Double {
    _ = try BenchmarkSupport.run(["\(programs)/pgbench", "-i", "-q", "-s", "10", url])
    return try pgbench(["-N"], clients: clients, seconds: seconds)
  }

  private func pgbench(_ options: [String], clients: Int, seconds: Int) throws -> Double {
    let output = try BenchmarkSupport.run(
      ["\(programs)/pgbench", "-n", "-M", "prepared", "-c", "\(clients)", "-j", "1", "-T", "\(seconds)"] + options + [url])
    guard let match = output.firstMatch(of: /tps = ([0-9.]+)/), let rate = Double(match.1) else {
      throw CommandFailure(message: "pgbench printed no rate:\n\(output)")
    }
    return rate
  }

  /// The processor time, in seconds, that all processes of the server have had.
  func processorSeconds() throws -> Double {
    let script = """
      pid=$(head -n 1 '\(data)/postmaster.pid')
      cat /proc/$pid/stat $(pgrep -P $pid | sed 's|.*|/proc/&/stat|') | awk '{sum += $14 + $15 + $16 + $17} END {print sum}'
      """
    let ticks = try BenchmarkSupport.run(["bash", "-c", script]).trimmingCharacters(in: .whitespacesAndNewlines)
    return (Double(ticks) ?? 0) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
