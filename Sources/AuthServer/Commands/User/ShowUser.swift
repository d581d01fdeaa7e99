internal import ArgumentParser
internal import AuthCore

/// `AuthServer user show`.
struct ShowUser: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show an account.", helpNames: [.short, .long])

  @OptionGroup var arguments: UserArguments

  func run() async throws {
    try await arguments.run("show") { administration, account in
      var record = account.record
      record.add("recovery_email", try await administration.auth.recoveryEmail(of: account.id)?.email.text)
      record.add("open_sessions", try await administration.auth.sessions(of: account.id).count)
      record.add("waiting_messages", try await administration.auth.messages(to: account.id).count)
      record.print(asJSON: arguments.output.json)
    }
  }
}

/// `AuthServer user sessions`.
struct ShowSessions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sessions", abstract: "List the open sessions of an account, the newest first.", helpNames: [.short, .long])

  @OptionGroup var arguments: UserArguments

  func run() async throws {
    try await arguments.run("sessions") { administration, account in
      for session in try await administration.auth.sessions(of: account.id) {
        print(arguments.output.json ? session.record.json : session.line)
      }
    }
  }
}

/// `AuthServer user export`.
struct ExportUser: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print everything that is stored about a user, as JSON.",
    discussion: """
      For requests under article 15 of the GDPR: the account, its recovery email, its sessions, the messages that wait for it, and \
      its events. The hash of the password and the digest of a reset token are left out.
      """,
    helpNames: [.short, .long])

  @OptionGroup var arguments: UserArguments

  func run() async throws {
    try await arguments.run("export") { administration, account in
      var record = account.record
      let recovery = try await administration.auth.recoveryEmail(of: account.id)
      record.add("recovery_email", recovery?.email.text)
      record.add("recovery_email_verified_at", recovery?.verifiedAt)
      record.add("sessions", try await administration.auth.sessions(of: account.id).map(\.record))
      record.add("messages", try await administration.auth.messages(to: account.id).map(\.record))
      var events: [OutputRecord] = []
      try await administration.forEachEvent(of: account.id, orEmail: account.email.text) { events.append($0.record) }
      record.add("events", events)
      print(record.json)
    }
  }
}
