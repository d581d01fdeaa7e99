internal import ArgumentParser

/// `AuthServer backup`.
struct Backup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copy the database to a new file, while the server runs or not.",
    usage: "AuthServer backup <file> [<options>]",
    discussion: """
      The copy has everything that was acknowledged before the command began. It is checked before it gets its name, and only its \
      owner can read it. Keep it secret: it has emails, and hashes from which passwords can be guessed.
      """,
    helpNames: [.short, .long])

  @Argument(help: "The file, which must not exist.") var file: String
  @OptionGroup var output: OutputOptions
  @OptionGroup(title: "Service") var settings: DatabaseSettings

  func run() async throws {
    let progress = Percentage()
    let record = try await settings.location.backUp(to: file) { progress.show($0) }
    progress.end()
    record.print(asJSON: output.json)
  }
}
