internal import ArgumentParser

/// The program: an authentication service on HTTP.
@main
struct AuthServer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "AuthServer",
    abstract: "An authentication service: accounts, sessions and password resets over HTTP.",
    // The parser shows a default subcommand by its name alone.
    discussion: Serve.helpMessage(columns: 76),
    version: "0.1.0",
    subcommands: [Serve.self, Calibrate.self],
    defaultSubcommand: Serve.self)
}
