internal import ArgumentParser

/// `AuthServer copy`.
struct Copy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copy everything from one database to another, which may be of another kind, while no server runs.",
    usage: "AuthServer copy --from <database> --to <database> [<options>]",
    discussion: """
      The target must be empty: a file that does not exist, or a PostgreSQL database whose tables have no rows. It is filled in one \
      transaction, and every row is read back and compared with the source before that ends. If the command is interrupted, nothing \
      was copied: delete the file that ends in .copying, if there is one, and run it again. A target that is a copy already is left \
      as it is. All passwords, sessions and tokens stay valid. With PostgreSQL, connect as the role that owns the tables.
      """,
    helpNames: [.short, .long])

  @Option(help: ArgumentHelp("The database that is copied.", valueName: "file|URL"), transform: location) var from: StoreLocation
  @Option(help: ArgumentHelp("The database that is filled.", valueName: "file|URL"), transform: location) var to: StoreLocation
  @OptionGroup var output: OutputOptions
  @OptionGroup(title: "Service") var settings: CopySettings

  /// How the databases are used.
  struct CopySettings: SettingGroup {
    @Option(ServiceSettings.Config.self) var config: Given<ServiceSettings.Config>
    @OptionGroup(title: "PostgreSQL") var postgres: PostgresSettings
  }

  func run() async throws {
    let (source, target) = try SettingReader.read(settings.config) { reader in
      (reader.location(from, settings.postgres), reader.location(to, settings.postgres))
    }
    try await source.copy(to: target).print(asJSON: output.json)
  }

  private static func location(_ text: String) throws -> StoreLocation {
    do { return try StoreLocation(setting: text) } catch { throw ValidationError("\(error.reason)") }
  }
}
