internal import ArgumentParser
internal import Glibc

/// The program: an authentication service on HTTP.
@main
struct AuthServer: AsyncParsableCommand {
  /// What `--help` and the message about a wrong option show.
  static let usage = """
    AuthServer [serve] [<options>]
    AuthServer config check|show [<options>]
    AuthServer calibrate [<options>]
    AuthServer user <command> [<options>]
    AuthServer outbox <command> [<options>]
    AuthServer stats [<options>]
    AuthServer import <file> [<options>]
    AuthServer export <file> [<options>]
    AuthServer backup <file> [<options>]
    AuthServer restore <file> [<options>]
    AuthServer check [<options>]
    AuthServer migrate [<options>]
    AuthServer copy [<options>]
    AuthServer health [<options>]
    AuthServer --help
    """

  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "AuthServer",
    usage: usage,
    version: version,
    subcommands: [
      Serve.self, Config.self, Calibrate.self, UserCommand.self, OutboxCommand.self, Stats.self, Import.self, Export.self,
      Backup.self, Restore.self, Check.self, Migrate.self, Copy.self, Health.self, Help.self,
    ],
    defaultSubcommand: Serve.self,
    // It has no help of its own: `AuthServer --help` shows that of the default command, `serve`.
    helpNames: [])

  static func main() async {
    openStandardStreams()
    let arguments = Array(CommandLine.arguments.dropFirst())
    // Without arguments the parser would add all of the help to a message about a variable.
    await main(arguments.isEmpty ? ["serve"] : arguments)
  }

  /// A stream that was closed would otherwise be the next file that is opened: the log would be written into the database.
  private static func openStandardStreams() {
    for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
      // The lowest number that is free, which is this one.
      _ = unsafe open("/dev/null", O_RDWR)
    }
  }
}
