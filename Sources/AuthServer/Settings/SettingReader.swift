internal import ArgumentParser

/// Finds the value of each setting: on the command line, else among the variables, else in the settings file, else its default.
/// It notes every problem, and where each value was found.
struct SettingReader {
  /// A value as it was written.
  struct Found: Sendable, Equatable {
    let text: String
    let origin: Origin
  }

  let variables: [String: String]
  let file: SettingsFile?
  /// What was found, by the names of the settings. What was not has its default.
  private(set) var found: [String: Found] = [:]
  private(set) var problems: [SettingProblem] = []
  /// The settings with values that cannot be used.
  private var wrong: Set<String> = []

  init(variables: [String: String] = Environment.variables, file: SettingsFile? = nil) {
    self.variables = variables
    self.file = file
    problems = file?.problems ?? []
  }

  /// The value of a setting; nil where it has none, or one that cannot be used.
  mutating func valueIfAny<Declaration>(of given: Given<Declaration>) -> Declaration.Value? {
    find(Declaration.self, option: given.text)
  }

  /// The value of a setting, or its default.
  mutating func value<Declaration: DefaultedSetting>(of given: Given<Declaration>) -> Declaration.Value {
    valueIfAny(of: given) ?? Declaration.defaultValue
  }

  /// Whether a flag is set.
  mutating func value<Declaration>(of flag: GivenFlag<Declaration>?) -> Bool {
    find(Declaration.self, option: flag.map { _ in "true" }) ?? false
  }

  private mutating func find<Declaration: Setting>(_: Declaration.Type, option: String?) -> Declaration.Value? {
    let key = Declaration.name
    let inFile = findInFile(key, isList: Declaration.Value.self is any ValueList.Type)
    let given =
      option.map { Found(text: $0, origin: .option) }
      ?? Environment.text(of: key, in: variables).map { Found(text: $0, origin: .variable) }
    // What the file says has to be right even where it does not count.
    if given != nil, let inFile { _ = parse(Declaration.self, inFile) }
    found[key] = given ?? inFile
    return found[key].flatMap { parse(Declaration.self, $0) }
  }

  private mutating func parse<Declaration: Setting>(_: Declaration.Type, _ found: Found) -> Declaration.Value? {
    let key = Declaration.name
    guard !found.text.isEmpty else {
      let isVariable = found.origin == .variable
      note(
        found.origin, key,
        isVariable ? " is set but empty; give it a value or unset it" : " has an empty value; give it one or leave it out")
      return nil
    }
    do { return try Declaration.Value(setting: found.text) } catch {
      note(found.origin, key, " \(error)")
      return nil
    }
  }

  private mutating func findInFile(_ key: String, isList: Bool) -> Found? {
    guard let file, let entry = file.entry(of: key) else { return nil }
    let origin = Origin.line(entry.line, of: file.path)
    switch entry.content {
    case .text(let text): return Found(text: text, origin: origin)
    case .list(let values) where isList && !values.contains { $0.contains(",") }:
      return Found(text: values.joined(separator: ","), origin: origin)
    case .list where isList: note(origin, key, " has a value with a comma in it, which would be two values")
    case .list: note(origin, key, " must be one value, not a list")
    case .table: note(origin, key, " must be a value, not a table")
    }
    return nil
  }
}

extension SettingReader {
  /// Notes that a value cannot be used together with those of other settings; not if one of them is wrong by itself.
  mutating func refuse(_ setting: any Setting.Type, _ sentence: String, besides others: [any Setting.Type] = []) {
    guard wrong.isDisjoint(with: [setting.name] + others.map { $0.name }) else { return }
    note(origin(of: setting.name), setting.name, sentence)
  }

  /// Notes several problems with a value.
  mutating func refuse(_ setting: any Setting.Type, _ sentences: [String]) {
    guard !wrong.contains(setting.name) else { return }
    for sentence in sentences { note(origin(of: setting.name), setting.name, sentence) }
  }

  /// Notes a problem with a key of the settings file.
  mutating func refuse(_ entry: SettingsFile.Entry, _ sentence: String) {
    guard let file else { return }
    note(.line(entry.line, of: file.path), entry.key, sentence)
  }

  func origin(of key: String) -> Origin { found[key]?.origin ?? .none }

  /// - Throws: ``SettingProblems``, if there are any: those of the file last, in the order of its lines.
  func check() throws(SettingProblems) {
    // The sort keeps the order of those with the same line.
    guard problems.isEmpty else { throw SettingProblems(all: problems.sorted { $0.line < $1.line }) }
  }

  private mutating func note(_ origin: Origin, _ key: String, _ sentence: String) {
    wrong.insert(key)
    problems.append(SettingProblem(origin, key, sentence))
  }
}

extension SettingReader {
  /// Reads those settings of a command that are the server's, from the same places.
  ///
  /// - Throws: `ValidationError`.
  static func read<Result>(
    _ config: Given<ServiceSettings.Config>, _ body: (inout SettingReader) -> Result
  ) throws -> Result {
    do throws(SettingProblems) {
      var reader = try SettingReader(reading: config)
      let result = body(&reader)
      try reader.check()
      return result
    } catch {
      throw ValidationError(error)
    }
  }

  /// A reader of the command line, the variables, and the file that one of them names.
  init(reading config: Given<ServiceSettings.Config>, variables: [String: String] = Environment.variables) throws(SettingProblems)
  {
    var finder = SettingReader(variables: variables)
    let path = finder.valueIfAny(of: config)
    try finder.check()
    self.init(variables: variables, file: path.map { SettingsFile(path: $0) })
  }
}

extension ValidationError {
  /// The argument parser prints them and exits with status 64.
  init(_ problems: SettingProblems) { self.init(problems.description) }
}
