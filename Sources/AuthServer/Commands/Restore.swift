internal import ArgumentParser

/// `AuthServer restore`.
struct Restore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put a backup in the place of the database, while no server runs.",
    usage: "AuthServer restore <file> [<options>]",
    discussion: """
      The database is replaced as a whole or not at all. Sessions and reset tokens of the backup end, because those that were ended \
      or used since it was made would be valid again. A backup of an earlier release is migrated. Asks before it replaces a file.
      """,
    helpNames: [.short, .long])

  @Argument(help: "The backup.") var file: String
  @Flag(help: "Keep the sessions and reset tokens of the backup.") var keepSessions = false
  @Flag(help: "Do not ask.") var yes = false
  @OptionGroup var output: OutputOptions
  @OptionGroup(title: "Service") var settings: DatabaseSettings

  func run() async throws {
    let database = try settings.location
    guard try yes || !database.exists || Terminal.confirms("Replace all that is in \(database)") else {
      throw CommandFailure("nothing was restored")
    }
    let progress = Percentage()
    let record = try await database.restore(file, endingSessions: !keepSessions, progress)
    progress.end()
    record.print(asJSON: output.json)
  }
}
