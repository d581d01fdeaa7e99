internal import ArgumentParser

/// `AuthServer help`, the same as `--help`.
struct Help: ParsableCommand {
  static let configuration = CommandConfiguration(shouldDisplay: false, helpNames: [.short, .long])

  enum Command: String, CaseIterable, ExpressibleByArgument {
    case serve, config, calibrate, user, outbox, stats, `import`, export, backup, restore, check, health
  }

  @Argument(help: "The command to describe.") var command = Command.serve
  @Argument(help: "One of the commands of 'user' or 'outbox'.") var subcommand: String?

  func run() throws {
    switch command {
    case .serve: throw CleanExit.helpRequest(Serve.self)
    case .config: throw CleanExit.helpRequest(Config.self)
    case .calibrate: throw CleanExit.helpRequest(Calibrate.self)
    case .user: throw help(for: UserCommand.self)
    case .outbox: throw help(for: OutboxCommand.self)
    case .stats: throw CleanExit.helpRequest(Stats.self)
    case .import: throw CleanExit.helpRequest(Import.self)
    case .export: throw CleanExit.helpRequest(Export.self)
    case .backup: throw CleanExit.helpRequest(Backup.self)
    case .restore: throw CleanExit.helpRequest(Restore.self)
    case .check: throw CleanExit.helpRequest(Check.self)
    case .health: throw CleanExit.helpRequest(Health.self)
    }
  }

  /// Help for the named one of a command's subcommands, or for the command.
  private func help(for group: any ParsableCommand.Type) -> CleanExit {
    let named = group.configuration.subcommands.first { $0.configuration.commandName == subcommand }
    return CleanExit.helpRequest(named ?? group)
  }
}
