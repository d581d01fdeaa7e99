internal import ArgumentParser
internal import AuthCore

/// `AuthServer user delete`.
struct DeleteUser: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete an account with everything that is stored for it.",
    discussion: """
      For requests under article 17 of the GDPR: sessions, tokens, messages and counters go with the account. The audit log keeps \
      its events, by number, until they are too old. Asks before it deletes.
      """,
    helpNames: [.short, .long])

  @Flag(help: "Do not ask.") var yes = false
  @OptionGroup var arguments: UserArguments

  func run() async throws {
    try await arguments.run("delete") { administration, account in
      guard try yes || Terminal.confirms("Delete user \(account.id), \(account.email.text.escapingUnprintable)") else {
        throw CommandFailure("nothing was deleted")
      }
      try await administration.auth.deleteUser(account.id, from: administration.client)
      var record = OutputRecord()
      record.add("deleted_id", account.id)
      record.print(asJSON: arguments.output.json)
    }
  }
}
