/// Where the value of a setting was found.
enum Origin: Sendable, Equatable {
  case option
  case variable
  /// A line of a settings file, which counts from 1.
  case line(Int, of: String)
  /// No one gave it: it is the default or, for what belongs to the policy, the policy's.
  case none

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

/// One thing that is wrong with the settings.
struct SettingProblem: Sendable, Equatable, CustomStringConvertible {
  /// A sentence that names the option, the variable, or the file, line and key. It repeats no secret.
  let description: String
  /// The line of the settings file, to put them in order; 0 where it is about something else.
  let line: Int

  init(description: String, line: Int) {
    (self.description, self.line) = (description, line)
  }

  init(_ origin: Origin, _ key: String, _ sentence: String) {
    description = origin.subject(key) + sentence
    line = if case .line(let line, _) = origin { line } else { 0 }
  }

  /// A problem with the file as such, or with one of its lines.
  init(file: String, line: Int? = nil, _ sentence: String) {
    description = line.map { "\(file):\($0): \(sentence)" } ?? "\(file) \(sentence)"
    self.line = line ?? 0
  }
}

/// Everything that is wrong with the settings.
struct SettingProblems: Error, CustomStringConvertible {
  let all: [SettingProblem]

  /// A line for each.
  var description: String { all.map(\.description).joined(separator: "\n") }
}
