internal import ArgumentParser
internal import FoundationEssentials

/// The environment variables that stand in for options which are not on the command line.
enum Environment {
  static let prefix = "SWIFT_AUTH_"

  /// The value that a setting's variable has; nil where it is not set.
  ///
  /// - Throws: `ValidationError`, a sentence that names the variable; the argument parser exits with status 64 for it.
  static func value<Declaration: Setting>(
    of _: Declaration.Type, in variables: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> Declaration.Value? {
    let variable = Declaration.variable
    guard let text = variables[variable], !isServiceLink(text) else { return nil }
    guard !text.isEmpty else { throw ValidationError("\(variable) is set but empty; give it a value or unset it") }
    do { return try Declaration.Value(setting: text) } catch { throw ValidationError("\(variable) \(error)") }
  }

  /// A sentence on each variable that begins with ``prefix`` and is not read. None repeats the value, which may be a secret.
  static func warnings(
    settings: [any Setting.Type], in variables: [String: String] = ProcessInfo.processInfo.environment
  ) -> [String] {
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
