internal import ArgumentParser

/// `AuthServer migrate`.
struct Migrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make the tables of this release, as a server does when it starts.",
    usage: "AuthServer migrate [<options>]",
    discussion: """
      For PostgreSQL, so that servers need not own the tables: run it as the role that does, and name the role of the servers with \
      --service-role. That role may then read the tables and call the functions that change them, and no more. Servers of the \
      release before can go on meanwhile.
      """,
    helpNames: [.short, .long])

  @Option(help: ArgumentHelp("A role of PostgreSQL that servers connect as.", valueName: "name")) var serviceRole: String?
  @Flag(help: "Print the SQL instead, for a database in which someone else makes the tables. Needs no connection.")
  var print = false
  @OptionGroup var output: OutputOptions
  @OptionGroup(title: "Service") var settings: DatabaseSettings

  func run() async throws {
    let database = try settings.location
    if print {
      Swift.print(try database.migrationScript(grantingTo: serviceRole), terminator: "")
    } else {
      try await database.migrate(grantingTo: serviceRole).print(asJSON: output.json)
    }
  }
}
