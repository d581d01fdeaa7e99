internal import FoundationEssentials

/// The environment variables that stand in for options which are not on the command line.
enum Environment {
  static let prefix = "SWIFT_AUTH_"

  /// The variables of this process.
  static var variables: [String: String] { ProcessInfo.processInfo.environment }

  /// The variable of a setting.
  static func variable(_ key: String) -> String { prefix + key.uppercased().replacing("-", with: "_") }

  /// Those for a program that the server runs: without the server's own, without those by which a supervisor speaks with this
  /// process alone, and without names that begin with a digit, which POSIX forbids (chapter 8.1) and which would prevent the
  /// program from being run.
  static func forPrograms(_ variables: [String: String]) -> [String: String] {
    let supervisors = [
      "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES",
    ]
    return variables.filter { name, _ in
      !name.hasPrefix(prefix) && !supervisors.contains(name) && name.first?.isNumber == false
    }
  }

  /// The text of a setting's variable; nil where it is not set.
  static func text(of key: String, in variables: [String: String]) -> String? {
    variables[variable(key)].flatMap { isServiceLink($0) ? nil : $0 }
  }

  /// A sentence on each variable that begins with ``prefix`` and is not read. None repeats the value, which may be a secret.
  static func warnings(settings: [any Setting.Type], in variables: [String: String] = variables) -> [String] {
    let known = Set(settings.map { $0.variable })
    return variables.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }.compactMap {
      name, text in
      if !known.contains(name) { return "\(name) is not a setting and is ignored; AuthServer --help lists them all" }
      return isServiceLink(text) ? "\(name) is a link to a service, set by Kubernetes or Docker, and is ignored" : nil
    }
  }

  /// Whether the value comes from Kubernetes or a Docker link: for a service named `swift-auth` both set `SWIFT_AUTH_PORT` to
  /// `tcp://10.0.0.1:5000` in every container. No setting has such a value.
  private static func isServiceLink(_ text: String) -> Bool {
    ["tcp://", "udp://", "sctp://"].contains { text.hasPrefix($0) }
  }
}
