#if Postgres
import AuthCore
import AuthPostgres
import Foundation
import TestPrograms
import Testing

/// A server over TCP and TLS, whose certificate is for `localhost`.
@Suite struct EncryptionTests {
  private let server: PostgresServer
  private let address: String

  init() async throws {
    // One of the addresses of this machine, so that the usual port is free.
    address = "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254)).\(Int.random(in: 1...254))"
    server = try await PostgresServer(options: ["-c", "listen_addresses=\(address)"])
    try await write(TestCertificates.old, to: "server.crt")
    try await write(TestCertificates.oldKey, to: "server.key")
    try await write("hostssl all all 127.0.0.0/8 trust", to: "pg_hba.conf")
    try await server.run("ALTER SYSTEM SET ssl = on")
    try await server.run("SELECT pg_reload_conf()")
    while try await server.run("SHOW ssl") != "on\n" {}
  }

  /// Adds lines to a file of the server, which no one else may read.
  private func write(_ text: String, to file: String) async throws {
    try await server.run(
      "COPY (SELECT unnest(string_to_array('\(text)', chr(10)))) TO PROGRAM 'umask 77; cat >> \(file)'")
  }

  /// Opens a store, and returns how many of its connections are encrypted.
  private func open(as host: String, trusting certificate: String) async throws -> Int? {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).crt").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    try Data(certificate.utf8).write(to: URL(filePath: file))
    let parameters = "hostaddr=\(address)&sslmode=verify-full&sslrootcert=\(file)&connect_timeout=3600"
    let store = try await PostgresStore(PostgresConfiguration("postgres://postgres@\(host)/postgres?\(parameters)"))
    _ = try await store.findSessions(of: 1, in: .init(expiringAfter: .distantPast, usedAfter: .distantPast))
    let encrypted = try await server.run(
      "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND application_name = 'swift-auth'")
    await store.close()
    return Int(encrypted.trimmingCharacters(in: .newlines))
  }

  @Test func `the store checks who the server is, and encrypts`() async throws {
    #expect(try #require(await open(as: "localhost", trusting: TestCertificates.old)) > 0)
    for (host, certificate, reason) in [
      ("localhost", TestCertificates.new, "certificate verify failed"),
      ("db.example.org", TestCertificates.old, "does not match host name"),
    ] {
      let error = await #expect(throws: PostgresOpenError.self) { try await open(as: host, trusting: certificate) }
      #expect("\(error!)".contains(reason))
    }
  }
}
#endif
