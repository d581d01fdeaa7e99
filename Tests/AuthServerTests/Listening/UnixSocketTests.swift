import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestPrograms
import Testing

@testable import AuthServer

/// `--listen`, as clients and operators meet it.
@Suite(.timeLimit(.minutes(10))) struct UnixSocketTests {
  private let directory: TemporaryDirectory
  private let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.path + "/auth.socket"
  }

  private func start(_ arguments: [String] = []) async throws -> ServerProcess {
    let server = try ServerProcess(
      ["--listen", "unix:\(path),127.0.0.1:0", "--database", directory.database] + arguments, isRaw: true)
    _ = try await server.port
    return server
  }

  private func call(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
    try await HTTPClient.shared.execute(request, timeout: .minutes(5))
  }

  private func request(_ route: String) -> HTTPClientRequest {
    let host = path.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
    var request = HTTPClientRequest(url: "http+unix://\(host)\(route)")
    request.headers = ["host": "localhost"]
    return request
  }

  @Test func `it serves on a Unix socket, for every user who can reach it, and on a port beside it`() async throws {
    let server = try await start()
    #expect(try await call(request("/")).status == .ok)
    #expect(try await Client(port: server.port).call(.GET, "/").status == 200)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o666)
  }

  @Test func `TLS is for the port alone`() async throws {
    let (certificate, key) = (directory.path + "/tls.crt", directory.path + "/tls.key")
    try TestCertificates.old.write(toFile: certificate, atomically: true, encoding: .utf8)
    try TestCertificates.oldKey.write(toFile: key, atomically: true, encoding: .utf8)
    let server = try await start(["--tls-certificate", certificate, "--tls-key", key])
    #expect(try await call(request("/")).status == .ok)
    #expect(try await Client(port: server.port).call(.GET, "/").status == 400)
  }

  @Test(arguments: [
    ([], "0.0.0.0"), (["--trusted-proxies", "unix"], "198.51.100.5"), (["--trusted-proxies", "10.0.0.0/8"], "0.0.0.0"),
  ])
  func `a proxy on the socket is believed if it is trusted`(_ options: [String], _ client: String) async throws {
    let server = try await start(options)
    var login = request("/sessions")
    login.method = .POST
    login.headers.add(contentsOf: ["content-type": "application/x-www-form-urlencoded", "x-forwarded-for": "198.51.100.5"])
    login.body = .bytes(ByteBuffer(string: "email=bob%40me.com&password=wrong"))
    #expect(try await call(login).status == .unauthorized)
    try await server.waitForOutput("client=\(client) ")
    #expect(server.output.contains("because unix is not a trusted proxy") == (client == "0.0.0.0"))
  }

  @Test func `it takes the place of a server that was killed`() async throws {
    let killed = try await start()
    killed.signal(SIGKILL)
    _ = await killed.exitStatus
    #expect(FileManager.default.fileExists(atPath: path))
    let server = try await start()
    #expect(try await call(request("/")).status == .ok)
    withExtendedLifetime(server) {}
  }

  @Test func `it does not take the place of a server that runs`() async throws {
    let first = try await start()
    let second = try ServerProcess(["--listen", "unix:\(path)", "--database", ":memory:"], isRaw: true)
    #expect(await second.exitStatus == 1)
    #expect(second.output.hasSuffix("Error: cannot listen on unix:\(path): another process does; stop it first\n"))
    #expect(try await call(request("/")).status == .ok)
    withExtendedLifetime(first) {}
  }

  @Test func `of servers that find the socket of one that has ended, one takes its place`() throws {
    let path = path
    func claim() throws -> UnixSocketFile { try UnixSocketFile(claiming: path) }
    let first = try claim()
    #expect(throws: StartFailure.self) { try claim() }
    // The first stops: from now on the path is another's.
    first.remove()
    let second = try claim()
    #expect(throws: StartFailure.self) { try claim() }
    withExtendedLifetime((first, second)) {}
  }

  @Test func `it removes its socket at its end, and no file that is not a socket`() async throws {
    let server = try await start()
    server.signal(SIGTERM)
    #expect(await server.exitStatus == 0)
    #expect(!FileManager.default.fileExists(atPath: path))

    try "notes".write(toFile: path, atomically: true, encoding: .utf8)
    let refused = try ServerProcess(["--listen", "unix:\(path)", "--database", ":memory:"], isRaw: true)
    #expect(await refused.exitStatus == 1)
    #expect(
      refused.output.hasSuffix("Error: cannot listen on unix:\(path): there is a file that is not a socket; move it away\n"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "notes")
  }

  @Test(arguments: [
    "unix:auth.socket", "unix:", "unix:/" + String(repeating: "a", count: 108), "localhost:5000", "127.0.0.1", "127.0.0.1:5000,",
  ])
  func `a place that is none is refused`(_ place: String) async throws {
    let check = try ServerProcess(["config", "check", "--listen", place], isRaw: true)
    #expect(await check.exitStatus == 64)
    #expect(check.output.hasPrefix("--listen must be unix: and an absolute path, or an IP address and a port"))
  }

  @Test(arguments: ["--host", "--port"])
  func `it is given in place of a host and a port`(_ option: String) async throws {
    let check = try ServerProcess(["config", "check", "--listen", "127.0.0.1:5000", option, "1"], isRaw: true)
    #expect(await check.exitStatus == 64)
    #expect(check.output == "\(option) cannot be combined with --listen; remove one of them\n")
  }

  @Test func `on the command line it also takes the place of those of variables and of a file`() async throws {
    let file = directory.path + "/settings.yaml"
    try "host: 127.0.0.1\n".write(toFile: file, atomically: true, encoding: .utf8)
    let environment = ["SWIFT_AUTH_PORT": "5000", "SWIFT_AUTH_CONFIG": file]
    let check = try ServerProcess(["config", "check", "--listen", "unix:\(path)"], environment: environment, isRaw: true)
    #expect(await check.exitStatus == 0)
    let inFile = try ServerProcess(
      ["config", "check"], environment: environment.merging(["SWIFT_AUTH_LISTEN": "unix:\(path)"]) { $1 }, isRaw: true)
    #expect(await inFile.exitStatus == 64)
    #expect(inFile.output == "SWIFT_AUTH_PORT cannot be combined with --listen; remove one of them\n")
  }
}
