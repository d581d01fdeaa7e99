internal import AuthCore

/// One thing that is wrong with the settings.
struct SettingProblem: Sendable, Equatable, CustomStringConvertible {
  /// A sentence that names the option, the variable, or the file, line and key. It repeats no secret.
  let description: String
  /// The line of the settings file, to put them in order; 0 where it is about something else.
  let line: Int

  init(description: String, line: Int) {
    // A key in quotation marks may contain anything, a line break too.
    (self.description, self.line) = (description.escapingUnprintable, line)
  }

  /// A problem with the file as such, or with one of its lines.
  init(file: String, line: Int? = nil, _ sentence: String) {
    self.init(description: line.map { "\(file):\($0): \(sentence)" } ?? "\(file) \(sentence)", line: line ?? 0)
  }
}

/// Everything that is wrong with the settings.
struct SettingProblems: Error, CustomStringConvertible {
  let all: [SettingProblem]

  /// A line for each.
  var description: String { all.map(\.description).joined(separator: "\n") }
}
