internal import ArgumentParser
internal import NIOCore

/// `AuthServer health`.
struct Health: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask the running server whether it is ready.",
    usage: "AuthServer health [<options>]",
    discussion: """
      Asks /readyz at the address of --operations-listen, which the server must have, too. Prints 'ready', or exits with status 1 \
      and the reason. For health checks that run a command, such as those of containers.
      """,
    helpNames: [.short, .long])

  @OptionGroup(title: "Operations") var settings: HealthSettings

  func run() async throws {
    let address = try settings.address
    let problem: String?
    do { problem = try await ReadinessProbe(address).problem() } catch {
      problem = "no server responds at \(address): \(Serve.reason(for: error))"
    }
    if let problem { throw CommandFailure(problem) }
    print("ready")
  }
}

/// Which server is asked.
struct HealthSettings: SettingGroup {
  @Option(ServiceSettings.Config.self) var config: Given<ServiceSettings.Config>
  @Option(OperationsSettings.Listen.self) var listen: Given<OperationsSettings.Listen>

  /// - Throws: `ValidationError`, also for an address that says nothing about where to ask.
  var address: IPEndpoint {
    get throws {
      let setting = OperationsSettings.Listen.self
      guard let address = try SettingReader.read(config, { $0.valueIfAny(of: listen) }) else {
        throw ValidationError(
          "health needs \(setting.option), \(setting.variable) or a settings file with the address of the server")
      }
      guard address.socketAddress.port != 0 else {
        throw ValidationError("health needs the port that the server has chosen, not 0: give it with \(setting.option)")
      }
      return address
    }
  }
}
