internal import ArgumentParser

/// How a PostgreSQL database is used.
struct PostgresSettings: SettingGroup {
  @Option(Schema.self) var schema: Given<Schema>
  enum Schema: DefaultedSetting {
    static let name = "postgres-schema"
    static let help = "The schema that the tables are in, created if it does not exist."
    static let placeholder = "name"
    static let defaultValue = "auth"
    typealias Value = String
  }

  @Option(ReadConnections.self) var readConnections: Given<ReadConnections>
  enum ReadConnections: DefaultedSetting {
    static let name = "postgres-read-connections"
    static let help = "How many connections look up, \(DatabaseConnections.limitsText)."
    static let placeholder = "count"
    static let defaultValue = DatabaseConnections(value: 2)
    typealias Value = DatabaseConnections
  }

  @Option(WriteConnections.self) var writeConnections: Given<WriteConnections>
  enum WriteConnections: DefaultedSetting {
    static let name = "postgres-write-connections"
    static let help = "How many connections write, \(DatabaseConnections.limitsText)."
    static let placeholder = "count"
    static let defaultValue = DatabaseConnections(value: 2)
    typealias Value = DatabaseConnections
  }

  @Flag var requireSync: GivenFlag<RequireSync>?
  enum RequireSync: Setting {
    static let name = "postgres-require-sync"
    static let help = "Does not start while `synchronous_standby_names` is empty, so that no failover loses what was confirmed."
    static let placeholder = ""
    static let defaultText = "false"
    static func textOfDefault(under _: PolicyName) -> String? { "false" }
    typealias Value = Bool
  }

  @Flag var insecureTLS: GivenFlag<InsecureTLS>?
  enum InsecureTLS: Setting {
    static let name = "postgres-insecure-tls"
    static let help = "Uses a server on another machine without verifying its certificate, or without TLS, as the URL says."
    static let placeholder = ""
    static let defaultText = "false"
    static func textOfDefault(under _: PolicyName) -> String? { "false" }
    typealias Value = Bool
  }
}

/// Connections of one server process to the database.
struct DatabaseConnections: LimitedNumber {
  static let limits = 1...8
  let value: Int
}

/// What the settings say of a PostgreSQL database.
struct PostgresLocation: Equatable {
  /// Without a password.
  let url: String
  var schema = PostgresSettings.Schema.defaultValue
  var readConnections = PostgresSettings.ReadConnections.defaultValue.value
  var writeConnections = PostgresSettings.WriteConnections.defaultValue.value
  var requiresSync = false
  var hasInsecureTLS = false
}

extension SettingReader {
  /// The database, with what the settings for its kind say.
  mutating func location(_ database: Given<ServiceSettings.Database>, _ postgres: PostgresSettings) -> StoreLocation {
    let database = value(of: database)
    return location(database, postgres)
  }

  /// A database that is named in another way, with what the settings for its kind say.
  mutating func location(_ location: StoreLocation, _ postgres: PostgresSettings) -> StoreLocation {
    // All are read, so that each wrong value is reported.
    let (schema, reads) = (value(of: postgres.schema), value(of: postgres.readConnections))
    let (writes, requiresSync) = (value(of: postgres.writeConnections), value(of: postgres.requireSync))
    let hasInsecureTLS = value(of: postgres.insecureTLS)
    guard case .postgres(var location) = location else { return location }
    location.schema = schema
    location.readConnections = reads.value
    location.writeConnections = writes.value
    location.requiresSync = requiresSync
    location.hasInsecureTLS = hasInsecureTLS
    return .postgres(location)
  }
}
