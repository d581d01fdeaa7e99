internal import ArgumentParser

/// What operators and their monitoring are shown.
struct OperationsSettings: SettingGroup {
  @Option(Listen.self) var listen: Given<Listen>
  enum Listen: Setting {
    static let name = "operations-listen"
    static let help = """
      The IP address and port, such as `127.0.0.1:9464`, at which `/livez`, `/readyz` and `/metrics` are served; without TLS and \
      passwords, so clients must not reach it.
      """
    static let placeholder = "address"
    typealias Value = IPEndpoint
  }
}
