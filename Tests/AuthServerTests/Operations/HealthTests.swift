import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import AuthServer

/// `AuthServer health`, asked of the real program about the real program.
@Suite(.timeLimit(.minutes(10))) struct HealthTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func health(
    _ arguments: String..., environment: [String: String] = [:]
  ) async throws -> (status: Int32, output: String) {
    let process = try ServerProcess(["health"] + arguments, environment: environment, isRaw: true)
    return (await process.exitStatus, process.output)
  }

  @Test func `a server that is ready is healthy, wherever its address is given`() async throws {
    let server = try ServerProcess(["--database", directory.database, "--operations-listen", "127.0.0.1:0"])
    let address = "127.0.0.1:\(try await Operations(of: server).port)"
    let file = directory.path + "/settings.yaml"
    try "operations-listen: \(address)\n".write(toFile: file, atomically: true, encoding: .utf8)
    for result in [
      try await health("--operations-listen", address),
      try await health(environment: ["SWIFT_AUTH_OPERATIONS_LISTEN": address]),
      try await health("--config", file),
      // All addresses of a machine are also those of the machine itself.
      try await health("--operations-listen", address.replacing("127.0.0.1", with: "0.0.0.0")),
    ] {
      #expect(result.status == 0 && result.output == "ready\n")
    }
  }

  @Test func `a server that is not ready is not healthy, for the reason that it gives`() async throws {
    let server = try ServerProcess(["--database", directory.database, "--operations-listen", "127.0.0.1:0"])
    let address = "127.0.0.1:\(try await Operations(of: server).port)"
    try FileManager.default.moveItem(atPath: directory.database, toPath: directory.database + ".away")
    let result = try await health("--operations-listen", address)
    #expect(result.status == 1)
    #expect(result.output == "Error: the store is unavailable: the file was moved, replaced or deleted\n")
  }

  @Test func `without a server, or with another one, nothing is healthy`() async throws {
    let server = try ServerProcess(["--database", directory.database])
    let other = "127.0.0.1:\(try await server.port)"
    let result = try await health("--operations-listen", other)
    #expect(result.status == 1 && result.output == "Error: /readyz at \(other) responded with 404\n")
    server.signal(SIGTERM)
    _ = await server.exitStatus
    let refused = try await health("--operations-listen", other)
    #expect(refused.status == 1 && refused.output == "Error: no server responds at \(other): Connection refused\n")
  }

  @Test func `an address that leads nowhere is a wrong option`() async throws {
    let missing = try await health()
    #expect(missing.status == 64)
    #expect(missing.output.hasPrefix("Error: health needs --operations-listen, SWIFT_AUTH_OPERATIONS_LISTEN or a settings file"))
    let free = try await health("--operations-listen", "127.0.0.1:0")
    #expect(free.status == 64 && free.output.hasPrefix("Error: health needs the port that the server has chosen, not 0"))
  }

  @Test func `a server that does not respond in time has not responded`() async throws {
    // It accepts connections and says nothing.
    let silent = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).get()
    let address = try IPEndpoint(setting: "127.0.0.1:\(silent.localAddress!.port!)")
    let error = await #expect(throws: (any Error).self) {
      _ = try await ReadinessProbe(address, deadline: .milliseconds(1)).problem()
    }
    #expect(error.map { "\($0)" } == "no response within 1 ms")
    try await silent.close()
  }
}
