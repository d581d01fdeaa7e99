#if Postgres
import Foundation
import Synchronization

/// A PostgreSQL server of its own, in a temporary directory and on a Unix socket, which ends with the tests.
package final class PostgresServer: Sendable {
  /// The one that tests share, each in a schema of its own.
  package static let shared = Task { try await PostgresServer() }

  package struct StartFailed: Error {
    package let output: String

    package init(output: String) { self.output = output }
  }

  package let directory: String
  /// When this end is closed, and be it by the end of this process, the server is stopped and its directory is deleted.
  private let lifeline: Pipe
  private let printed = Printed()

  /// - Parameter primary: the server whose changes it follows; nil for one with an empty database.
  package init(standbyOf primary: PostgresServer? = nil, options: [String] = []) async throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "auth-\(UUID().uuidString.prefix(13))").path
    lifeline = Pipe()
    let output = Pipe()
    let process = try ChildProcess(
      "/bin/bash", ["-c", Self.script, directory, primary?.directory ?? ""] + options,
      input: lifeline.fileHandleForReading, output: output.fileHandleForWriting, error: output.fileHandleForWriting)
    try lifeline.fileHandleForReading.close()
    try output.fileHandleForWriting.close()
    Thread.detachNewThread { [printed] in
      while case let data = output.fileHandleForReading.availableData, !data.isEmpty { printed.append(data) }
      process.waitUntilExit()
      printed.end()
    }
    try await waitUntilReady()
  }

  /// What a server can be told to do.
  package enum Command: String, Sendable {
    /// Kills all its processes, as a loss of power would, and starts it again.
    case crash
    /// Kills all its processes.
    case kill
    /// Stops all its processes, as a machine or network that hangs would.
    case pause
    /// Lets them go on.
    case resume
    /// Stops the process that writes the log in the background, so that what no commit flushes stays in memory until the next
    /// crash.
    case stallWALWriter
    /// Makes a standby a primary.
    case promote
    /// Stops it in order, keeps a copy of all that it has, and starts it again.
    case keep
    /// Puts the copy back, as after the restoration of a backup.
    case setBack
  }

  /// Returns once it is done.
  package func perform(_ command: Command) async throws {
    try lifeline.fileHandleForWriting.write(contentsOf: Data("\(command.rawValue)\n".utf8))
    try await waitUntilReady()
  }

  /// Runs statements of SQL, and returns what they print: the values of a row between bars.
  @discardableResult
  package func run(_ statement: String) async throws -> String {
    let output = Pipe()
    let process = try ChildProcess(
      "/usr/bin/env", ["psql", "-Atq", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement], output: output.fileHandleForWriting)
    try output.fileHandleForWriting.close()
    let (printed, status) = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        continuation.resume(returning: (printed, process.waitUntilExit()))
      }
    }
    guard status == 0 else { throw StartFailed(output: statement) }
    return String(decoding: printed, as: UTF8.self)
  }

  private func waitUntilReady() async throws {
    guard await printed.takes("ready\n") else { throw StartFailed(output: printed.text) }
  }

  /// PostgreSQL refuses to run as root, and its programs are not in the path.
  private static let script = """
    set -eu
    primary=$1
    shift
    mkdir "$0"
    exec 2>&1
    as=()
    if [ "$(id -u)" = 0 ]; then chown postgres "$0"; as=(setpriv --reuid postgres --regid postgres --clear-groups); fi
    programs=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
    server=
    trap '[ -z "$server" ] || { kill -CONT $(all); kill -INT $server; wait $server; } || true; rm -rf "$0"' EXIT
    if [ -n "$primary" ]; then
      "${as[@]}" "$programs/pg_basebackup" -h "$primary" -U postgres -D "$0/data" -R --no-sync --checkpoint=fast
    else
      "${as[@]}" "$programs/initdb" --no-sync -D "$0/data" -A trust -U postgres -E UTF8 --locale C.UTF-8 > "$0/initdb.log" || {
        cat "$0/initdb.log"
        exit 1
      }
    fi
    all() { echo $server $(pgrep -P $server); }
    start() {
      "${as[@]}" "$programs/postgres" -D "$0/data" -k "$0" -c listen_addresses= -c fsync=off -c max_connections=1000 "$@" \\
        >> "$0/server.log" 2>&1 &
      server=$!
      until "$programs/pg_isready" -q -h "$0"; do
        kill -0 $server || { cat "$0/server.log"; exit 1; }
        sleep 0.05
      done
    }
    kill_all() {
      local processes=$(all)
      kill -KILL $processes
      wait $server || true
      for process in $processes; do while kill -0 $process; do sleep 0.01; done; done
      server=
    }
    stop() { kill -INT $server; wait $server || true; server=; }
    start "$@"
    echo ready
    while read -r command; do
      case $command in
        crash) kill_all; rm -f "$0/data/postmaster.pid"; start "$@" ;;
        kill) kill_all ;;
        pause) kill -STOP $(all) ;;
        resume) kill -CONT $(all) ;;
        stallWALWriter) kill -STOP $(pgrep -P $server -f walwriter) ;;
        keep) stop; cp -a "$0/data" "$0/kept"; start "$@" ;;
        setBack) stop; rm -rf "$0/data"; cp -a "$0/kept" "$0/data"; start "$@" ;;
        promote) "${as[@]}" "$programs/pg_ctl" -D "$0/data" promote --wait > /dev/null ;;
      esac
      echo ready
    done
    """

  /// The URL of its database `postgres`. No test fails because the machine is busy.
  package var url: String { "postgres://postgres@/postgres?host=\(directory)&connect_timeout=3600" }
}

/// What a process has printed.
private final class Printed: Sendable {
  private struct State {
    var text = ""
    var hasEnded = false
    var waiting: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  var text: String { state.withLock(\.text) }

  func append(_ data: Data) { change { $0.text += String(decoding: data, as: UTF8.self) } }

  func end() { change { $0.hasEnded = true } }

  private func change(_ body: (inout State) -> Void) {
    let waiting = state.withLock { state in
      body(&state)
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume()
  }

  /// Waits for a text at the end, and forgets all that came so far; false if the process ends before.
  func takes(_ end: String) async -> Bool {
    while true {
      let isThere: Bool? = state.withLock { state in
        guard state.text.hasSuffix(end) else { return state.hasEnded ? false : nil }
        state.text = ""
        return true
      }
      if let isThere { return isThere }
      await withCheckedContinuation { continuation in
        let isLate = state.withLock { state in
          if !state.text.hasSuffix(end) && !state.hasEnded { state.waiting = continuation }
          return state.waiting == nil
        }
        if isLate { continuation.resume() }
      }
    }
  }
}
#endif
