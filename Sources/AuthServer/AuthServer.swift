internal import ArgumentParser

/// The program: an authentication service on HTTP.
@main
struct AuthServer: AsyncParsableCommand {
  /// What `--help` and the message about a wrong option show.
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
    // It has no help of its own: `AuthServer --help` shows that of the default command, `serve`.
    helpNames: [])

  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    // Without arguments the parser would add all of the help to a message about a variable.
    await main(arguments.isEmpty ? ["serve"] : arguments)
  }
}
