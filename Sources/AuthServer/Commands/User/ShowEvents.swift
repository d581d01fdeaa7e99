internal import ArgumentParser
internal import AuthCore

/// `AuthServer user events`.
struct ShowEvents: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "List what happened to an account, the newest first.",
    discussion: """
      Why a user was refused, when, and from where. An email that no account has shows the attempts that were made with it. \
      Docs/Operations.md explains the events.
      """,
    helpNames: [.short, .long])

  @Option(help: ArgumentHelp("At most so many events.", valueName: "count")) var limit = 100
  @OptionGroup var arguments: UserArguments

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit must be at least 1, not \(limit)") }
  }

  func run() async throws {
    let (name, asJSON) = (arguments.name, arguments.output.json)
    try await Administration.run(arguments.settings, as: "user events") { administration in
      let auth = administration.auth
      let account = if let id = User.ID(name) { try await auth.account(id) } else { try await auth.account(email: name) }
      // A number that no account has may be that of one that was deleted.
      var left = limit
      try await administration.forEachEvent(of: account?.id ?? User.ID(name), orEmail: account?.email.text ?? name) { event in
        guard left > 0 else { return }
        left -= 1
        print(asJSON ? event.record.json : event.line)
      }
    }
  }
}

extension Administration {
  /// Calls `body` with the events of an account and those that only an email could be recorded for, the newest first.
  func forEachEvent(
    of id: User.ID?, orEmail email: String?, _ body: (RecordedEvent) -> Void
  ) async throws(StoreError) {
    var page = try await auditLog.events(of: id, orEmail: email)
    page.entries.forEach(body)
    while let next = page.next {
      page = try await auditLog.events(of: id, orEmail: email, from: next)
      page.entries.forEach(body)
    }
  }
}
