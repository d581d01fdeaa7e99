internal import ArgumentParser

/// `AuthServer help`, the same as `--help`.
struct Help: ParsableCommand {
  static let configuration = CommandConfiguration(shouldDisplay: false, helpNames: [.short, .long])

  enum Command: String, CaseIterable, ExpressibleByArgument { case serve, calibrate }

  @Argument(help: "The command to describe.") var command = Command.serve

  func run() throws {
    switch command {
    case .serve: throw CleanExit.helpRequest(Serve.self)
    case .calibrate: throw CleanExit.helpRequest(Calibrate.self)
    }
  }
}
