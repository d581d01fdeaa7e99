internal import ArgumentParser
internal import AuthCore

/// `AuthServer outbox list`.
struct ListMessages: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the messages that wait to be delivered, the oldest first.",
    discussion: """
      With --json, a line for each. One that is due in the past is next, or waits for an older one of its kind to the same email. \
      One that is being delivered is due when its worker counts as dead.
      """,
    helpNames: [.short, .long])

  @Option(help: "Only messages of this kind.") var kind: String?
  @Option(help: "Only messages to this user, by id or email, or to an email that no account has.") var user: String?
  @Flag(help: "How many of each kind wait, and since when, in place of each message.") var summary = false
  @OptionGroup var output: OutputOptions
  @OptionGroup(title: "Service") var settings: AdministrationSettings

  func validate() throws {
    guard !summary || kind == nil && user == nil else {
      throw ValidationError("--summary is of all messages: give no --kind or --user")
    }
  }

  func run() async throws {
    try await Administration.run(settings, as: "outbox list") { administration in
      let backlogs = try await administration.auth.messageBacklogs()
      if summary { return printSummary(of: backlogs) }
      var selection = OutboxMessage.Selection()
      if let kind { selection.kind = try administration.kind(kind, among: backlogs) }
      if let user { selection.recipient = try await administration.recipient(user) }
      for try await waiting in administration.auth.waitingMessages(selection) {
        print(output.json ? waiting.record.json : waiting.line)
      }
    }
  }

  private func printSummary(of backlogs: [OutboxMessage.Kind: OutboxMessage.Backlog]) {
    for (kind, backlog) in backlogs.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      var record = OutputRecord()
      record.add("type", kind.rawValue)
      record.add("messages", backlog.count)
      record.add("oldest_at", backlog.oldest)
      print(output.json ? record.json : record.line)
    }
  }
}
