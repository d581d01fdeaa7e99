internal import ArgumentParser
internal import AuthCore
internal import Glibc

/// Which database a command works on.
struct DatabaseSettings: SettingGroup {
  @Option(ServiceSettings.Config.self) var config: Given<ServiceSettings.Config>
  @Option(ServiceSettings.Database.self) var database: Given<ServiceSettings.Database>
  @OptionGroup(title: "PostgreSQL") var postgres: PostgresSettings

  var location: StoreLocation {
    get throws { try SettingReader.read(config) { $0.location(database, postgres) } }
  }
}

/// Which database a command works on, and by which rules.
struct AdministrationSettings: SettingGroup {
  @Option(ServiceSettings.Config.self) var config: Given<ServiceSettings.Config>
  @Option(ServiceSettings.Database.self) var database: Given<ServiceSettings.Database>
  @Option(ServiceSettings.Policy.self) var policy: Given<ServiceSettings.Policy>
  @OptionGroup(title: "PostgreSQL") var postgres: PostgresSettings
}

/// The accounts of a database, open for a command. A server may be using the same file.
struct Administration {
  let auth: Auth
  let auditLog: AuditLog
  /// The command in place of a client: it is what the events show.
  let client: Client

  /// Runs `body` on the database that the settings name. When this returns, all that it recorded is in the audit log.
  static func run<Result>(
    _ settings: AdministrationSettings, as command: String, _ body: (Administration) async throws -> Result
  ) async throws -> Result {
    let (location, policy) = try SettingReader.read(settings.config) { reader in
      (reader.location(settings.database, settings.postgres), reader.value(of: settings.policy))
    }
    // A mistyped name must not become a new, empty database.
    guard try location.exists else {
      throw CommandFailure("\(location) does not exist; name the file of the server with \(ServiceSettings.Database.option)")
    }
    let opened = try await OpenedStore(at: location) { Progress.note($0) }
    let administration = Administration(
      auth: Auth(
        policy: policy.auth, store: opened.store, hasher: BcryptHasher(threads: 1), events: opened.auditLog, clock: opened.clock),
      auditLog: opened.auditLog,
      client: Client(userAgent: "AuthServer \(command), run by user \(getuid())"))
    let outcome: Swift.Result<Result, any Error>
    do { outcome = .success(try await body(administration)) } catch { outcome = .failure(error) }
    await opened.close()
    return try outcome.get()
  }

  /// The account that an operator names by its id or its email.
  func account(_ name: String) async throws -> Account {
    if let id = User.ID(name) {
      guard let account = try await auth.account(id) else { throw CommandFailure("no user has the id \(id)") }
      return account
    }
    guard let account = try await auth.account(email: name) else {
      throw CommandFailure("no user has the email \(name.escapingUnprintable)")
    }
    return account
  }
}
