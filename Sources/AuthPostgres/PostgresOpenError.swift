#if Postgres
/// Why a PostgreSQL database cannot be used. Each description is a sentence for the operator, without a password.
@nonexhaustive
public enum PostgresOpenError: Error, Equatable, CustomStringConvertible {
  /// The URL cannot be read.
  case invalidURL(String)
  /// The schema cannot have this name.
  case invalidSchema(String)
  /// The server is on another machine, and its certificate would not be verified.
  case unverifiedServer(host: String, mode: String)
  /// No server that takes writes responds.
  case cannotConnect(String)
  /// The server has a version that is too old.
  case oldServer(String)
  /// The database has an encoding that cannot hold all emails.
  case wrongEncoding(String)
  /// There is a connection pooler in between.
  case pooler
  /// The schema was made by a newer release.
  case newerSchema(found: Int, known: Int)
  /// A role cannot have this name.
  case invalidRole(String)
  /// The tables cannot be made or migrated.
  case refused(String)
  /// The role may not make the tables, or not use them.
  case missingPrivilege(String)
  /// Commits are not replicated, although they must be.
  case notReplicated
  /// Commits wait for a synchronous standby that does not confirm them.
  case standbyDoesNotRespond

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .invalidURL(let reason): "the URL of the database is not valid: \(reason)"
    case .invalidSchema(let name):
      "the schema cannot be named '\(name)'; the name must have 1 to 63 bytes, and neither a dollar sign nor a backslash"
    case .invalidRole(let name):
      "no role can be named '\(name)'; the name must have 1 to 63 bytes, and neither a dollar sign nor a backslash"
    case .unverifiedServer(let host, let mode):
      "the certificate of \(host) would not be verified with sslmode=\(mode); use sslmode=verify-full, with sslrootcert for an "
        + "authority of your own, or allow unverified servers explicitly"
    case .cannotConnect(let reason): "cannot connect to the database: \(reason)"
    case .oldServer(let version): "the server is PostgreSQL \(version); 14 or later is needed"
    case .wrongEncoding(let encoding):
      "the database has the encoding \(encoding), which cannot hold all emails; create it with ENCODING 'UTF8'"
    case .pooler:
      "there is a connection pooler between this server and the database; connect to the database directly: a few connections "
        + "are enough, and a pooler would mix up their settings"
    case .newerSchema(let found, let known):
      "the schema has version \(found), and this release knows versions up to \(known); use the release that made it, or a "
        + "later one"
    case .refused(let reason): "the database refuses: \(reason)"
    case .missingPrivilege(let reason):
      "the role lacks a privilege: \(reason); as a role that owns the schema, or may create it, run `AuthServer migrate` with "
        + "--service-role and the name of this role, or `PostgresStore.migrate(_:grantingTo:)`"
    case .notReplicated:
      "synchronous_standby_names is empty, so commits are not replicated before they are confirmed; set it, or do not require it"
    case .standbyDoesNotRespond:
      "changes wait for a synchronous standby that does not confirm them; bring it back, or take it out of synchronous_standby_names"
    }
  }
}
#endif
