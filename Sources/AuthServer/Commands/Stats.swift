internal import ArgumentParser
internal import AuthCore

/// `AuthServer stats`.
struct Stats: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Count what the database holds.", usage: "AuthServer stats [<options>]", helpNames: [.short, .long])

  @OptionGroup var output: OutputOptions
  @OptionGroup(title: "Service") var settings: AdministrationSettings

  func run() async throws {
    try await Administration.run(settings, as: "stats") { administration in
      let statistics = try await administration.auth.statistics()
      var record = OutputRecord()
      record.add("users", statistics.users)
      record.add("disabled_users", statistics.disabledUsers)
      record.add("open_sessions", statistics.liveSessions)
      record.add("stored_sessions", statistics.storedSessions)
      record.add("reset_tokens", statistics.resetTokens)
      record.add("waiting_messages", statistics.messages)
      record.add("oldest_message_at", statistics.oldestMessageAt)
      record.add("attempt_counters", statistics.counters)
      record.add("audit_events", try await administration.auditLog.count())
      record.print(asJSON: output.json)
    }
  }
}
