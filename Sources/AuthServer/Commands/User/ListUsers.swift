internal import ArgumentParser
internal import AuthCore

/// `AuthServer user list`.
struct ListUsers: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List accounts in the order of their emails.",
    discussion: "With --json, a line for each. Any number of accounts takes the same memory.",
    helpNames: [.short, .long])

  @Option(help: ArgumentHelp("Only accounts whose email begins with this text.", valueName: "text")) var prefix = ""
  @Option(help: "Only accounts in this state.") var state: StateName?
  @OptionGroup var output: OutputOptions
  @OptionGroup(title: "Service") var settings: AdministrationSettings

  func run() async throws {
    try await Administration.run(settings, as: "user list") { administration in
      for try await account in administration.auth.accounts(emailPrefix: prefix, in: state?.state) {
        print(output.json ? account.record.json : account.line)
      }
    }
  }
}

/// The name of a state on the command line.
struct StateName: ExpressibleByArgument {
  let state: Account.State

  init?(argument: String) {
    guard let state = Account.State(rawValue: argument) else { return nil }
    self.state = state
  }

  static var allValueStrings: [String] { Account.State.allCases.map(\.rawValue) }
}
