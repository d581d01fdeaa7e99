import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import AuthServer

/// What systemd and the server tell each other, with a supervisor in Python.
@Suite(.timeLimit(.minutes(10))) struct SupervisorTests {
  /// Listens on a port, and starts the server with its socket as descriptor 3.
  private static let supervisor = """
    import os, signal, socket, subprocess, sys

    listener = socket.create_server(("127.0.0.1", 0))
    notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    # An abstract name, and a path.
    name = sys.argv[2]
    notices.bind(name.replace("@", "\\0", 1))

    def start(**variables):
        script = f'exec 3<&{listener.fileno()}; export LISTEN_PID=$$; exec "$0" --database :memory:'
        return subprocess.Popen(
            ["bash", "-c", script, sys.argv[1]], pass_fds=[listener.fileno()], stderr=subprocess.DEVNULL,
            env=dict(os.environ, LISTEN_FDS="1", NOTIFY_SOCKET=name, **variables))

    def ask():
        client = socket.create_connection(listener.getsockname())
        client.sendall(b"GET / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n")
        return client

    def next_but_alive():
        while True:
            notice = notices.recv(1000).decode()
            if notice != "WATCHDOG=1":
                return notice.split("\\n")[0]

    # Before there is a server.
    client = ask()
    server = start(WATCHDOG_USEC="20000")
    print(client.recv(1000).split(b"\\r\\n")[0].decode())
    print(next_but_alive())
    while notices.recv(1000) != b"WATCHDOG=1":
        pass
    print("alive")
    server.send_signal(signal.SIGHUP)
    print(next_but_alive(), next_but_alive())
    client.close()
    server.terminate()
    print(next_but_alive(), server.wait())

    notices.setblocking(False)
    try:
        while True:
            notices.recv(1000)
    except BlockingIOError:
        notices.setblocking(True)

    # While it restarts.
    client = ask()
    server = start()
    print(client.recv(1000).split(b"\\r\\n")[0].decode())
    client.close()
    server.terminate()
    server.wait()
    # Without a watchdog, it gives no signs of life.
    print(notices.recv(1000).decode(), notices.recv(1000).decode())
    """

  @Test(arguments: ["@\(UUID().uuidString)", "path"])
  func `the server says how far it is, and serves on the socket that it is given, so that a restart loses no connection`(
    _ name: String
  ) async throws {
    let directory = try TemporaryDirectory()
    let place = name.hasPrefix("@") ? name : directory.path + "/notify"
    #expect(
      try await Python.output(of: Self.supervisor, [ServerProcess.program, place]) == """
        HTTP/1.1 200 OK
        READY=1
        alive
        RELOADING=1 READY=1
        STOPPING=1 0
        HTTP/1.1 200 OK
        READY=1 STOPPING=1

        """)
  }

  /// Starts the server with two sockets, and shuts one of them down.
  private static let twoSockets = """
    import fcntl, os, socket, subprocess, sys

    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    # Not the numbers that the server is given.
    passed = [fcntl.fcntl(listener, fcntl.F_DUPFD, 10) for listener in listeners]
    script = 'exec 3<&%d 4<&%d; export LISTEN_PID=$$ LISTEN_FDS=2; exec "$0" --database :memory: --port 1' % tuple(passed)
    server = subprocess.Popen(["bash", "-c", script, sys.argv[1]], pass_fds=passed, stderr=subprocess.PIPE, text=True)
    for listener in listeners:
        client = socket.create_connection(listener.getsockname())
        client.sendall(b"GET / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n")
        client.recv(1000)
    listeners[0].shutdown(socket.SHUT_RDWR)
    print(server.communicate()[1], server.returncode, listeners[0].getsockname()[1])
    """

  @Test func `a server that is deaf on one of its sockets ends, and it says which settings have no effect`() async throws {
    let output = try await Python.output(of: Self.twoSockets, [ServerProcess.program])
    let port = try #require(output.split(whereSeparator: \.isWhitespace).last)
    #expect(
      output.hasSuffix("Error: stopped listening on 127.0.0.1:\(port), because accepting a connection failed\n 1 \(port)\n"))
    #expect(output.contains(" warning "))
    #expect(output.contains("not used, because the server was passed the sockets to listen on: --port\n"))
  }

  @Test func `a descriptor that is no listening socket is refused`() async throws {
    let server = try ServerProcess(["--database", ":memory:"], shell: "exec 3</dev/null; export LISTEN_PID=$$ LISTEN_FDS=1")
    #expect(await server.exitStatus == 1)
    #expect(server.output.contains("descriptor 3, which was passed to the server: it is not a stream socket that listens"))
  }

  @Test func `sockets for another process are not the server's`() throws {
    #expect(try InheritedSockets.descriptors(["LISTEN_PID": "1", "LISTEN_FDS": "1"]).isEmpty)
    #expect(try InheritedSockets.descriptors(["LISTEN_PID": "\(getpid())", "LISTEN_FDS": "0"]).isEmpty)
    #expect(try InheritedSockets.descriptors(["LISTEN_PID": "\(getpid())", "LISTEN_FDS": "2147483647"]).isEmpty)
    #expect(try InheritedSockets.descriptors([:]).isEmpty)
  }

  /// Reloads the settings of a server that waits to migrate its database.
  private static let reload = """
    import os, signal, socket, sqlite3, subprocess, sys

    database, name = sys.argv[2], "@" + sys.argv[3]
    notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notices.bind(name.replace("@", "\\0", 1))
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    server = subprocess.Popen(
        [sys.argv[1], "--host", "127.0.0.1", "--port", "0", "--database", database], stderr=subprocess.DEVNULL,
        env=dict(os.environ, NOTIFY_SOCKET=name))
    next = lambda: notices.recv(1000).decode().split("\\n")[0]
    print(next())
    server.send_signal(signal.SIGHUP)
    connection.execute("ROLLBACK")
    # Another line for each few seconds that it takes.
    while (notice := next()) == "EXTEND_TIMEOUT_USEC=120000000":
        pass
    print(notice, next(), next())
    server.terminate()
    """

  @Test func `a reload that is asked for during a migration waits until the server is ready`() async throws {
    let directory = try TemporaryDirectory()
    try await EarlierDatabase.write(directory.database)
    #expect(
      try await Python.output(of: Self.reload, [ServerProcess.program, directory.database, UUID().uuidString]) == """
        EXTEND_TIMEOUT_USEC=120000000
        READY=1 RELOADING=1 READY=1

        """)
  }

  @Test func `a watchdog is served only if one awaits this process`() {
    func interval(_ variables: [String: String]) -> Duration? {
      Supervisor(variables.merging(["NOTIFY_SOCKET": "@x"]) { $1 }).watchdogInterval
    }
    #expect(interval(["WATCHDOG_USEC": "30000000"]) == .seconds(30))
    #expect(interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "\(getpid())"]) == .seconds(30))
    #expect(interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"]) == nil)
    #expect(interval(["WATCHDOG_USEC": "0"]) == nil)
    #expect(interval(["WATCHDOG_USEC": "soon"]) == nil)
    #expect(Supervisor(["WATCHDOG_USEC": "30000000"]).watchdogInterval == nil)
  }

  @Test func `there is no sign of life while an event loop is stuck`() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let isStuck = Atomic(true)
    let (release, released) = (DispatchSemaphore(value: 0), AsyncStream<Bool>.makeStream())
    let eventLoops = Array(group.makeIterator())
    eventLoops[0].execute { release.wait() }
    let watchdog = Task {
      try await WatchdogService(interval: .seconds(30), eventLoops: group) {
        released.continuation.yield(!isStuck.load(ordering: .relaxed))
      }
      .run()
    }
    // The other event loop responds at once. Before so many responses, a service that did not wait for the stuck one would have
    // given a sign of life.
    for _ in 1...1_000 { try await eventLoops[1].submit {}.get() }
    isStuck.store(false, ordering: .relaxed)
    release.signal()
    #expect(await released.stream.first { _ in true } == true)
    watchdog.cancel()
    _ = try? await watchdog.value
    try await group.shutdownGracefully()
  }
}
