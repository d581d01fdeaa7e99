/// Where the value of a setting was found.
enum Origin: Sendable, Equatable {
  case option
  case variable
  /// A line of a settings file, which counts from 1.
  case line(Int, of: String)
  /// No one gave it: it is the default or, for what belongs to the policy, the policy's.
  case none

  /// The value from the origin with the higher one counts.
  var precedence: Int {
    switch self {
    case .option: 3
    case .variable: 2
    case .line: 1
    case .none: 0
    }
  }

  /// What a message about the setting begins with: `--port`, `SWIFT_AUTH_PORT`, `auth.yaml:3: port`.
  func subject(_ key: String) -> String {
    switch self {
    case .option, .none: "--" + key
    case .variable: Environment.variable(key)
    case .line(let line, let file): "\(file):\(line): \(key)"
    }
  }

  /// What `config show` says.
  func description(of key: String) -> String {
    switch self {
    case .option: "command line"
    case .variable: Environment.variable(key)
    case .line(let line, let file): "\(file):\(line)"
    case .none: "default"
    }
  }
}

extension SettingProblem {
  init(_ origin: Origin, _ key: String, _ sentence: String) {
    let line = if case .line(let line, _) = origin { line } else { 0 }
    self.init(description: origin.subject(key) + sentence, line: line)
  }
}
