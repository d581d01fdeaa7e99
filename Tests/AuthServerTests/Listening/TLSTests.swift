import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import TestPrograms
import Testing

/// The server's own TLS, as clients meet it.
@Suite(.timeLimit(.minutes(10))) struct TLSTests {
  private let directory: TemporaryDirectory
  private let (certificate, key): (String, String)

  init() throws {
    directory = try TemporaryDirectory()
    (certificate, key) = (directory.path + "/tls.crt", directory.path + "/tls.key")
    try write(TestCertificates.old, TestCertificates.oldKey)
  }

  private func write(_ certificate: String, _ key: String) throws {
    try certificate.write(toFile: self.certificate, atomically: true, encoding: .utf8)
    try key.write(toFile: self.key, atomically: true, encoding: .utf8)
  }

  private func start(_ options: String...) throws -> ServerProcess {
    // Connections stay open for as long as a busy machine needs.
    try ServerProcess(
      ["--database", ":memory:", "--keep-alive-timeout", "3600", "--tls-certificate", certificate, "--tls-key", key] + options)
  }

  /// The status of a request by a client that trusts one certificate alone.
  private func withClient(
    trusting certificate: String, version: TLSVersion? = nil, _ body: ((Int) async throws -> UInt) async throws -> Void
  ) async throws {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)))
    tls.minimumTLSVersion = version ?? .tlsv12
    tls.maximumTLSVersion = version
    var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.connectionPool.idleTimeout = .hours(1)
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    let result: Result<Void, any Error>
    do {
      result = .success(
        try await body { port in
          let response = try await client.execute(HTTPClientRequest(url: "https://localhost:\(port)/"), timeout: .minutes(5))
          _ = try await response.body.collect(upTo: 1 << 20)
          return response.status.code
        })
    } catch { result = .failure(error) }
    try await client.shutdown()
    try result.get()
  }

  @Test(arguments: [TLSVersion.tlsv12, .tlsv13])
  func `clients are served with TLS 1.2 and 1.3`(_ version: TLSVersion) async throws {
    let server = try start()
    let port = try await server.port
    try await withClient(trusting: TestCertificates.old, version: version) { get in
      let status = try await get(port)
      #expect(status == 200)
    }
  }

  @Test(arguments: [TLSVersion.tlsv1, .tlsv11])
  func `a client with an older version is refused`(_ version: TLSVersion) async throws {
    let server = try start()
    let port = try await server.port
    await #expect(throws: NIOSSLError.self) {
      try await withClient(trusting: TestCertificates.old, version: version) { get in _ = try await get(port) }
    }
  }

  @Test func `a reload changes the certificate of new connections, and open ones go on`() async throws {
    let server = try start()
    let port = try await server.port
    try await withClient(trusting: TestCertificates.old) { get in
      #expect(try await get(port) == 200)
      try write(TestCertificates.new, TestCertificates.newKey)
      server.signal(SIGHUP)
      try await server.waitForOutput("the TLS certificate in force has the serial number")
      // On the connection that is open: a new one would not be trusted.
      #expect(try await get(port) == 200)
    }
    try await withClient(trusting: TestCertificates.new) { get in
      let status = try await get(port)
      #expect(status == 200)
    }
    await #expect(throws: NIOSSLError.self) {
      try await withClient(trusting: TestCertificates.old) { get in _ = try await get(port) }
    }
  }

  @Test func `a reload with other certificates between the server's and a root says so`() async throws {
    let server = try start()
    _ = try await server.port
    try write(TestCertificates.old + TestCertificates.new, TestCertificates.oldKey)
    server.signal(SIGHUP)
    try await server.waitForOutput("the certificates between the TLS certificate and a root have changed")
    #expect(!server.output.contains("serial number"))
  }

  @Test func `the metrics say when the certificate in force expires`() async throws {
    let server = try start("--operations-listen", "127.0.0.1:0")
    let operations = try await Operations(of: server)
    let name = "auth_tls_certificate_expiry_timestamp_seconds"
    let before = try await operations.metrics()[name]
    #expect(before == Double(try NIOSSLCertificate.fromPEMBytes(Array(TestCertificates.old.utf8))[0].notValidAfter))
    try write(TestCertificates.expired, TestCertificates.oldKey)
    server.signal(SIGHUP)
    try await server.waitForOutput("the TLS certificate in force has the serial number")
    #expect(
      try await operations.metrics()[name]
        == Double(try NIOSSLCertificate.fromPEMBytes(Array(TestCertificates.expired.utf8))[0].notValidAfter))
  }

  @Test func `a reload with files that do not belong together changes nothing`() async throws {
    let server = try start()
    let port = try await server.port
    try write(TestCertificates.new, TestCertificates.oldKey)
    server.signal(SIGHUP)
    try await server.waitForOutput(
      "settings were not reloaded: --tls-key: \(key) is not the key of the first certificate in \(certificate)")
    try await withClient(trusting: TestCertificates.old) { get in
      let status = try await get(port)
      #expect(status == 200)
    }
  }

  @Test(arguments: [
    (TestCertificates.old, TestCertificates.newKey, "--tls-key: KEY is not the key of the first certificate in CERTIFICATE"),
    (
      TestCertificates.old, TestCertificates.oldKeyWithPassphrase,
      "--tls-key: KEY has no private key in PEM, or one with a passphrase"
    ),
    (TestCertificates.old, "", "--tls-key: KEY has no private key in PEM, or one with a passphrase"),
    ("", TestCertificates.oldKey, "--tls-certificate: CERTIFICATE has no certificate in PEM, or one that is damaged"),
    (
      TestCertificates.oldKey, TestCertificates.oldKey,
      "--tls-certificate: CERTIFICATE has no certificate in PEM, or one that is damaged"
    ),
    (
      TestCertificates.old + TestCertificates.new.dropLast(100), TestCertificates.oldKey,
      "--tls-certificate: CERTIFICATE has no certificate in PEM, or one that is damaged"
    ),
    (
      TestCertificates.forAgreement, TestCertificates.oldKey,
      "--tls-certificate: CERTIFICATE cannot be used with KEY: failedToLoadCertificate"
    ),
    (String(repeating: "x", count: 65_537), TestCertificates.oldKey, "--tls-certificate: CERTIFICATE has more than 65536 bytes"),
  ])
  func `files that cannot be used are named`(_ certificates: String, _ keys: String, _ sentence: String) async throws {
    try write(certificates, keys)
    let check = try ServerProcess(["config", "check", "--tls-certificate", certificate, "--tls-key", key], isRaw: true)
    #expect(await check.exitStatus == 64)
    #expect(check.output == sentence.replacing("KEY", with: key).replacing("CERTIFICATE", with: certificate) + "\n")
  }

  @Test(arguments: [("--tls-certificate", "--tls-key"), ("--tls-key", "--tls-certificate")])
  func `a certificate needs a key, and a key a certificate`(_ given: String, _ missing: String) async throws {
    let check = try ServerProcess(["config", "check", given, certificate], isRaw: true)
    #expect(await check.exitStatus == 64)
    #expect(check.output == "\(given) needs \(missing)\n")
  }

  @Test func `the log warns of a certificate that has expired`() async throws {
    try write(TestCertificates.expired, TestCertificates.oldKey)
    let server = try start()
    _ = try await server.port
    #expect(server.output.contains("warning AuthServer: [AuthServer] the TLS certificate expired at "))
  }

  @Test func `a client that speaks HTTP is told to speak HTTPS`() async throws {
    let server = try start()
    let connection = try await RawConnection(port: server.port)
    // More than is read at once: closing the connection before the rest is read would reset it.
    connection.send("GET / HTTP/1.1\r\nHost: localhost\r\nCookie: \(String(repeating: "x", count: 16 * 1024))\r\n\r\n")
    let response = try connection.receive()
    #expect(response.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
    #expect(response.hasSuffix(#"{"message":"this port speaks HTTPS, not HTTP"}"#))
  }

  @Test func `a reload does not turn TLS on`() async throws {
    let file = directory.path + "/settings.yaml"
    try "database: ':memory:'\n".write(toFile: file, atomically: true, encoding: .utf8)
    let server = try ServerProcess(["--config", file])
    let port = try await server.port
    try "database: ':memory:'\ntls-certificate: \(certificate)\ntls-key: \(key)\n".write(
      toFile: file, atomically: true, encoding: .utf8)
    server.signal(SIGHUP)
    try await server.waitForOutput("settings were not reloaded: turning TLS on needs a restart, and so do the other changes")
    #expect(try await Client(port: port).call(.GET, "/").status == 200)
  }
}
