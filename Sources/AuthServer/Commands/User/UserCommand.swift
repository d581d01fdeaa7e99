internal import ArgumentParser
internal import AuthCore

/// `AuthServer user`: the administration of accounts.
struct UserCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user",
    abstract: "Administer accounts, while the server runs or not.",
    discussion: """
      A user is named by id or email; a name of digits alone is an id. --database and --policy are those of the server. No command \
      sets, asks for or prints a password or a token.
      """,
    subcommands: [
      ListUsers.self, ShowUser.self, CreateUser.self, DisableUser.self, EnableUser.self, UnlockUser.self, VouchForUser.self,
      ShowSessions.self, EndSessions.self, SendReset.self, ShowEvents.self, ExportUser.self, DeleteUser.self,
    ],
    helpNames: [.short, .long])
}

/// The arguments of a command on one user.
struct UserArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("The id or the email of the user.", valueName: "user")) var name: String
  @OptionGroup var output: OutputOptions
  @OptionGroup(title: "Service") var settings: AdministrationSettings

  /// Runs `body` on the account.
  func run(_ command: String, _ body: (Administration, Account) async throws -> Void) async throws {
    try await Administration.run(settings, as: "user " + command) { administration in
      try await body(administration, administration.account(name))
    }
  }

  /// Runs `change` on the account, and prints the account as it is afterwards.
  func change(_ command: String, _ change: (Administration, Account) async throws -> Void) async throws {
    try await run(command) { administration, account in
      try await change(administration, account)
      try await administration.account("\(account.id)").record.print(asJSON: output.json)
    }
  }
}

/// How a command prints.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON.") var json = false
}
