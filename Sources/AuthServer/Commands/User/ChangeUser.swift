internal import ArgumentParser
internal import AuthCore

/// `AuthServer user disable`.
struct DisableUser: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disable",
    abstract: "Shut an account: its sessions end, and no password opens another.",
    discussion: "A password reset does not bring the account back; 'user enable' does, with its password.",
    helpNames: [.short, .long])

  @OptionGroup var arguments: UserArguments

  func run() async throws {
    try await arguments.change("disable") { try await $0.auth.disableUser($1.id, from: $0.client) }
  }
}

/// `AuthServer user enable`.
struct EnableUser: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enable", abstract: "Open a disabled account again.", helpNames: [.short, .long])

  @OptionGroup var arguments: UserArguments

  func run() async throws {
    try await arguments.change("enable") { try await $0.auth.enableUser($1.id, from: $0.client) }
  }
}

/// `AuthServer user unlock`.
struct UnlockUser: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlock", abstract: "End the delay or lock that failed logins have caused.", helpNames: [.short, .long])

  @OptionGroup var arguments: UserArguments

  func run() async throws {
    try await arguments.change("unlock") { try await $0.auth.unlockUser($1.id, from: $0.client) }
  }
}

/// `AuthServer user vouch`.
struct VouchForUser: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vouch",
    abstract: "Vouch for the email of an unverified account, so that it no longer ends.",
    discussion: "Make sure that its owner reads the email: from then on, anyone who reads it can reset the password.",
    helpNames: [.short, .long])

  @OptionGroup var arguments: UserArguments

  func run() async throws {
    try await arguments.change("vouch") { try await $0.auth.vouchForEmail(of: $1.id, from: $0.client) }
  }
}

/// `AuthServer user end-sessions`.
struct EndSessions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "end-sessions", abstract: "End all sessions of an account.", helpNames: [.short, .long])

  @OptionGroup var arguments: UserArguments

  func run() async throws {
    try await arguments.run("end-sessions") { administration, account in
      var record = OutputRecord()
      record.add("id", account.id)
      record.add("ended_sessions", try await administration.auth.endAllSessions(of: account.id, from: administration.client))
      record.print(asJSON: arguments.output.json)
    }
  }
}
