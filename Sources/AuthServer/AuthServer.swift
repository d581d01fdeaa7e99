internal import ArgumentParser

/// The program: an authentication service on HTTP.
@main
struct AuthServer: AsyncParsableCommand {
  /// As `--help` shows it, and the message about a wrong option.
  static let usage = """
    AuthServer [serve] [<options>]
    AuthServer calibrate [<options>]
    AuthServer --help
    """

  static let configuration = CommandConfiguration(
    commandName: "AuthServer",
    usage: usage,
    version: "0.1.0",
    subcommands: [Serve.self, Calibrate.self, Help.self],
    defaultSubcommand: Serve.self,
    // Without a help of its own: `AuthServer --help` is that of its default, `serve`.
    helpNames: [])

  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    // Without arguments the parser would add all of the help to a message about a variable.
    await main(arguments.isEmpty ? ["serve"] : arguments)
  }
}
