/// The settings file: keys and values in YAML, of which JSON is a part.
///
///     port: 5000
///     trusted-proxies: [127.0.0.1, 10.0.0.0/8]
///     sessions:
///       maximum-per-user: 5
struct SettingsFile: Sendable {
  /// The limit in bytes.
  static let maximumBytes = 1 << 20

  /// What a key stands for.
  enum Content: Sendable, Equatable {
    case text(String)
    case list([String])
    /// Its keys are entries of their own.
    case table
  }

  struct Entry: Sendable, Equatable {
    /// With those of the tables around it, separated by dots: `sessions.maximum-per-user`.
    let key: String
    let content: Content
    let line: Int
  }

  let path: String
  private(set) var entries: [Entry] = []
  private(set) var problems: [SettingProblem] = []
  private var positions: [String: Int] = [:]

  init(path: String) {
    self.path = path
    do { read(try BoundedFile.contents(of: path, maximumBytes: Self.maximumBytes)) } catch { note("\(error)") }
  }

  /// The settings in a text, as if a file of this name contained it.
  init(path: String, contents: [UInt8]) {
    self.path = path
    read(contents)
  }

  /// The entry of a key; nil if the file has none.
  func entry(of key: String) -> Entry? { positions[key].map { entries[$0] } }
}

extension SettingsFile {
  private mutating func read(_ contents: [UInt8]) {
    if let line = Self.lineThatIsNotUTF8(contents) { return note("is not in UTF-8", line: line) }
    do {
      // Editors of other systems begin a file with a byte order mark.
      let mark: [UInt8] = [0xef, 0xbb, 0xbf]
      var events = try YAML.events(in: contents.starts(with: mark) ? Array(contents.dropFirst(mark.count)) : contents)[...]
      readDocument(&events)
    } catch {
      note(error.reason, line: error.line)
    }
  }

  private mutating func readDocument(_ events: inout ArraySlice<YAML.Event>) {
    // A text without keys is a document without settings: a file in which everything is a comment.
    guard events.popFirst() != nil, let root = events.popFirst(), root.kind != .text("") else { return }
    guard root.kind == .tableBegins else {
      return note("must have keys and values, such as 'port: 5000'", line: root.line)
    }
    readTable("", &events)
    if let next = events.first { note("must be one document, but another one begins here", line: next.line) }
  }

  /// Reads up to the end of a table whose keys begin with `prefix`.
  private mutating func readTable(_ prefix: String, _ events: inout ArraySlice<YAML.Event>) {
    while let event = events.popFirst(), event.kind != .tableEnds {
      guard case .text(let name) = event.kind else {
        note("a key must be text", line: event.line)
        Self.skip(event, &events)
        if let value = events.popFirst() { Self.skip(value, &events) }
        continue
      }
      let key = prefix + name
      let line = event.line
      guard let value = events.popFirst() else { return }
      let content: Content? =
        switch value.kind {
        case .text(let text): .text(text)
        case .tableBegins: .table
        default: readList(of: key, &events).map { .list($0) }
        }
      if let content { add(Entry(key: key, content: content, line: line)) }
      if content == .table { readTable(key + ".", &events) }
    }
  }

  /// Nil, with a problem noted, for a list of anything but text.
  private mutating func readList(of key: String, _ events: inout ArraySlice<YAML.Event>) -> [String]? {
    var values: [String]? = []
    while let event = events.popFirst(), event.kind != .listEnds {
      if case .text(let text) = event.kind {
        values?.append(text)
      } else {
        Self.skip(event, &events)
        if values != nil { note("\(key) must be a list of values, not of lists or tables", line: event.line) }
        values = nil
      }
    }
    return values
  }

  private mutating func add(_ entry: Entry) {
    if let earlier = self.entry(of: entry.key) {
      return note("\(entry.key) is already on line \(earlier.line)", line: entry.line)
    }
    positions[entry.key] = entries.count
    entries.append(entry)
  }

  private mutating func note(_ sentence: String, line: Int? = nil) {
    problems.append(SettingProblem(file: path, line: line, sentence))
  }

  /// Reads up to the end of the list or table that an event began.
  private static func skip(_ event: YAML.Event, _ events: inout ArraySlice<YAML.Event>) {
    var depth = event.kind.step
    while depth > 0, let next = events.popFirst() { depth += next.kind.step }
  }

  /// Nil if all of it is UTF-8.
  private static func lineThatIsNotUTF8(_ contents: [UInt8]) -> Int? {
    guard String(validating: contents, as: UTF8.self) == nil else { return nil }
    // No character contains the byte of a line break.
    let lines = contents.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
  }
}
