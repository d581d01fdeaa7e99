import Foundation
import NIOHTTP1
import Testing

/// The server goes on, and ends, whatever becomes of its log.
@Suite struct UnreadLogTests {
  @Test func `a log that is not read delays no request, and not the end of the server`() async throws {
    let server = try ServerProcess(["--database", ":memory:", "--bcrypt-cost", "4"])
    let client = try await Client(port: server.port)
    try server.stopReading()
    for _ in 1...20 {
      #expect(try await client.call(.POST, "/sessions", ["email": "bob@me.com", "password": "wrong"]).status == 401)
    }
    server.signal(SIGTERM)
    #expect(await server.exitStatus == 0)
  }

  @Test func `a server whose standard streams are closed does not write its log into its database`() throws {
    let directory = try TemporaryDirectory()
    let files = try Python.run(
      """
      import os, subprocess, sys, time
      server = subprocess.Popen(
        [sys.argv[1], "--host", "127.0.0.1", "--port", "0", "--database", sys.argv[2]],
        preexec_fn=lambda: os.closerange(0, 3))
      while not os.path.exists(sys.argv[2] + "-wal") and server.poll() is None: time.sleep(0.01)
      print(*[os.readlink(f"/proc/{server.pid}/fd/{stream}") for stream in range(3)])
      server.kill()
      """, ServerProcess.program, directory.database)
    #expect(files == "/dev/null /dev/null /dev/null\n")
  }

  @Test(arguments: [SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGPIPE])
  func `a signal that asks for nothing ends neither the server nor a login`(_ signal: Int32) async throws {
    let server = try ServerProcess(["--database", ":memory:", "--bcrypt-cost", "4"])
    let client = try await Client(port: server.port)
    let login = ["email": "bob@me.com", "password": "b4l0u"]
    #expect(try await client.call(.POST, "/users", login).status == 200)
    async let answer = client.call(.POST, "/sessions", login)
    server.signal(signal)
    #expect(try await answer.status == 200)
    #expect(try await client.call(.POST, "/sessions", login).status == 200)
    server.signal(SIGTERM)
    #expect(await server.exitStatus == 0)
  }
}
