#if Postgres
internal import AuthPostgres
#endif

/// Where the database is, as `--database` names it.
enum StoreLocation: SettingValue, CustomStringConvertible {
  case file(String)
  /// A database that ends with the process.
  case memory
  case postgres(PostgresLocation)

  /// Refuses other URLs, because SQLite would create files with such names. The error does not repeat the URL, which may contain
  /// a password.
  init(setting text: String) throws(InvalidValue) {
    if let scheme = text.prefixMatch(of: /([A-Za-z][A-Za-z0-9+.\-]*):\/\//)?.1 {
      guard ["postgres", "postgresql"].contains(scheme) else {
        throw InvalidValue(
          reason: "must be the path of an SQLite file, ':memory:' or postgres://…; URLs such as \(scheme)://… are not supported")
      }
      self = .postgres(try PostgresLocation(checking: text))
      return
    }
    guard text.firstMatch(of: /(?:^|\s)(?:host|hostaddr|port|dbname|user|password|passfile|service|sslmode)\s*=/) == nil else {
      throw InvalidValue(
        reason: "must be the path of an SQLite file, ':memory:' or postgres://…; a list of keywords and values is not accepted")
    }
    self = text == ":memory:" ? .memory : .file(text)
  }

  var description: String {
    switch self {
    case .file(let path): path
    case .memory: ":memory:"
    case .postgres(let location): location.url
    }
  }
}

extension PostgresLocation {
  /// - Throws: `InvalidValue`, which does not repeat the URL.
  fileprivate init(checking url: String) throws(InvalidValue) {
    #if Postgres
    let configuration: PostgresConfiguration
    do { configuration = try PostgresConfiguration(url) } catch { throw InvalidValue(reason: "cannot be used: \(error)") }
    // Others would see it in the list of processes, and `config show` would print it.
    guard !configuration.hasPassword else {
      throw InvalidValue(
        reason: "must not contain a password; put it in a file that the URL's passfile names, in ~/.pgpass, or in PGPASSWORD")
    }
    self.url = url
    #else
    throw InvalidValue(
      reason: "names a PostgreSQL database, which this program was built without; build it with --traits Postgres, or name an "
        + "SQLite file")
    #endif
  }
}
