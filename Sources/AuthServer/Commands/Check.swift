internal import ArgumentParser

/// `AuthServer check`.
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the database or a backup, while the server runs or not.",
    usage: "AuthServer check [<options>]",
    discussion: """
      Reads every page, index and reference, and counts the rows of each table. Exits with status 1 if anything is wrong.
      """,
    helpNames: [.short, .long])

  @OptionGroup var output: OutputOptions
  @OptionGroup(title: "Service") var settings: DatabaseSettings

  func run() async throws {
    try await settings.location.check().print(asJSON: output.json)
  }
}
