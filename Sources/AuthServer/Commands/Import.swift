internal import ArgumentParser

/// `AuthServer import`.
struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Import accounts with the password hashes of another system.",
    usage: "AuthServer import <file> [<options>]",
    discussion: """
      CSV with a header, or a line of JSON for each account: email, hash (or password_hash) and, if need be, disabled. The passwords \
      stay valid. A hash that begins with ! or * means an account without a password. Accounts that exist with the same hash are \
      left, so an import that was interrupted can be run again. Every row that cannot be imported is reported with the number of \
      its line; the exit status is then 1, and all other rows are imported. Docs/Migrating.md has recipes.
      """,
    helpNames: [.short, .long])

  @Argument(help: "The file; - for standard input.") var file: String
  @Option(help: ArgumentHelp("The form of the file, where its name does not end with .csv or .jsonl.", valueName: "csv|jsonl"))
  var format: TransferFormat?
  @Flag(help: "Check everything, and change nothing.") var dryRun = false
  @OptionGroup var output: OutputOptions
  @OptionGroup(title: "Service") var settings: AdministrationSettings

  func run() async throws {
    let format = try TransferFormat.chosen(format, for: file)
    let reader = try ImportReader(ByteSource(path: file), format)
    let bad = try await Administration.run(settings, as: "import") { administration in
      var accounts = AccountImport(administration, isRehearsal: dryRun)
      try await accounts.run(reader)
      var record = OutputRecord()
      record.add(dryRun ? "would_be_added" : "added", accounts.added)
      record.add("already_there", accounts.existing)
      record.add("bad", accounts.bad)
      record.print(asJSON: output.json)
      return accounts.bad
    }
    if bad > 0 { throw ExitCode.failure }
  }
}

extension TransferFormat: ExpressibleByArgument {
  /// - Throws: `ValidationError` when neither option nor name says what the format is.
  static func chosen(_ format: TransferFormat?, for path: String) throws -> TransferFormat {
    guard let format = format ?? TransferFormat(path: path) else {
      throw ValidationError("--format must say whether \(path) is csv or jsonl; its name does not end with either")
    }
    return format
  }
}
