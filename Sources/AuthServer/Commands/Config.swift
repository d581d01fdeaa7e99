internal import ArgumentParser

/// `AuthServer config`.
struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the settings of 'AuthServer serve', or show them.",
    usage: "AuthServer config check|show [<options>]",
    discussion: "Takes every option of 'AuthServer serve', and reads the same variables and the same file. Nothing is served.",
    subcommands: [Check.self, Show.self],
    helpNames: [.short, .long])

  /// `AuthServer config check`.
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Name everything that is wrong with the settings.",
      usage: "AuthServer config check [<options>]",
      discussion: "Prints 'ok', or a line for each problem and exits with status 64. Reads the files that settings name.",
      helpNames: [.short, .long])

    @OptionGroup var given: ServerSettings

    func run() throws {
      _ = try Config.read(given)
      print("ok")
    }
  }

  /// `AuthServer config show`.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the settings that are in force, and where each comes from.",
      usage: "AuthServer config show [<options>]",
      discussion: "What it prints is a settings file. It contains no secrets, only the names of the files that do.",
      helpNames: [.short, .long])

    @OptionGroup var given: ServerSettings

    func run() throws {
      print(try Config.read(given).values.settingsFile)
    }
  }

  /// The settings, with their warnings and problems on standard error.
  private static func read(_ given: ServerSettings) throws -> ServerConfiguration {
    var errors = StandardError()
    for warning in Environment.warnings(settings: ServerSettings.settings) { print("warning: \(warning)", to: &errors) }
    do {
      let configuration = try ServerConfiguration(given)
      for warning in configuration.warnings { print("warning: \(warning)", to: &errors) }
      return configuration
    } catch {
      print(error, to: &errors)
      throw ExitCode.validationFailure
    }
  }
}
