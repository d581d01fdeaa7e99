#if Postgres
import AuthPostgres
import TestPrograms

extension PostgresServer {
  /// Two servers, of which the first waits for the second before it confirms a change.
  static func pair() async throws -> (primary: PostgresServer, standby: PostgresServer) {
    let primary = try await PostgresServer()
    let standby = try await PostgresServer(standbyOf: primary)
    try await primary.run("ALTER SYSTEM SET synchronous_standby_names = '*'")
    try await primary.run("SELECT pg_reload_conf()")
    return (primary, standby)
  }

  /// - Parameters:
  ///   - user: the role to connect as.
  ///   - other: a server that may take its place.
  ///   - connectTimeout: in seconds.
  func configuration(
    schema: String, as user: String = "postgres", orOn other: PostgresServer? = nil, connectTimeout: Int = 3600
  ) throws -> PostgresConfiguration {
    let hosts = ([directory] + (other.map { [$0.directory] } ?? [])).joined(separator: ",")
    var configuration = try PostgresConfiguration(
      "postgres://\(user)@/postgres?host=\(hosts)&connect_timeout=\(connectTimeout)")
    configuration.schema = schema
    configuration.readConnections = 1
    configuration.writeConnections = 1
    // No test fails because the machine is busy.
    configuration.timeout = .seconds(3600)
    return configuration
  }
}
#endif
