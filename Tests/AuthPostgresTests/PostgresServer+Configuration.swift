#if Postgres
import AuthPostgres
import PostgresTestServer

extension PostgresServer {
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
