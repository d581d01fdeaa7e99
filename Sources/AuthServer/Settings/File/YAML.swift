internal import AuthCYAML

/// Reads YAML with libyaml: Docs/Decisions/0022-a-settings-file.md.
enum YAML {
  /// A piece of a document and its line, which counts from 1.
  struct Event: Equatable {
    enum Kind: Equatable {
      case text(String)
      case listBegins, listEnds
      case tableBegins, tableEnds
      case documentBegins
    }

    let kind: Kind
    let line: Int
  }

  /// Why a text is not a document.
  struct Problem: Error, Equatable {
    let line: Int
    let reason: String
  }

  /// No setting is nested deeper. The parser's time would grow with the square of the depth.
  private static let maximumDepth = 8

  /// All pieces of a text. Every value is text, however it is written: `no` is not a Boolean, and `010` not a number.
  ///
  /// - Throws: ``Problem`` for the first mistake, for what is nested too deeply, and for anchors, aliases and tags, by which a
  ///   few lines can mean a great deal.
  static func events(in text: [UInt8]) throws(Problem) -> [Event] {
    // The parser keeps a pointer to itself.
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    defer { unsafe parser.deallocate() }
    // Nothing else initializes the structure: the call fills it with zeros first.
    guard unsafe yaml_parser_initialize(parser) == 1 else { throw Problem(line: 1, reason: "there is no memory to read it") }
    defer { unsafe yaml_parser_delete(parser) }
    return unsafe try text.withUnsafeBufferPointer { (bytes) throws(Problem) in
      // SAFETY: the bytes outlive the parser's last use, which is in this closure, and are passed with their count.
      unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
      unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
      var events: [Event] = []
      var depth = 0
      while let event = unsafe try nextEvent(of: parser, text) {
        depth += event.kind.step
        guard depth <= maximumDepth else { throw Problem(line: event.line, reason: "is nested more than \(maximumDepth) times") }
        events.append(event)
      }
      return events
    }
  }

  /// Nil at the end.
  private static func nextEvent(of parser: UnsafeMutablePointer<yaml_parser_t>, _ text: [UInt8]) throws(Problem) -> Event? {
    while true {
      var event = unsafe yaml_event_t()
      guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw unsafe problem(parser.pointee, text) }
      defer { unsafe yaml_event_delete(&event) }
      guard unsafe event.type != YAML_STREAM_END_EVENT else { return nil }
      let line = unsafe event.start_mark.line + 1
      if let kind = unsafe try kind(of: event, line) { return Event(kind: kind, line: line) }
    }
  }

  /// Nil for what says nothing.
  private static func kind(of event: yaml_event_t, _ line: Int) throws(Problem) -> Event.Kind? {
    // SAFETY: which part of the data is valid follows from the type; the text is copied.
    switch unsafe event.type {
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      guard unsafe scalar.anchor == nil, unsafe scalar.tag == nil else { throw .unused(line) }
      return unsafe .text(String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self))
    case YAML_SEQUENCE_START_EVENT:
      let list = unsafe event.data.sequence_start
      guard unsafe list.anchor == nil, unsafe list.tag == nil else { throw .unused(line) }
      return .listBegins
    case YAML_MAPPING_START_EVENT:
      let table = unsafe event.data.mapping_start
      guard unsafe table.anchor == nil, unsafe table.tag == nil else { throw .unused(line) }
      return .tableBegins
    case YAML_ALIAS_EVENT: throw .unused(line)
    case YAML_SEQUENCE_END_EVENT: return .listEnds
    case YAML_MAPPING_END_EVENT: return .tableEnds
    case YAML_DOCUMENT_START_EVENT: return .documentBegins
    default: return nil
    }
  }

  private static func problem(_ parser: yaml_parser_t, _ text: [UInt8]) -> Problem {
    // SAFETY: both are literals of the library, or nil.
    let parts = unsafe [parser.context, parser.problem].compactMap { unsafe $0.map { unsafe String(cString: $0) } }
    let sentence = parts.joined(separator: ": ")
    // Before it has characters, the parser only knows the byte.
    let line =
      unsafe parser.error == YAML_READER_ERROR
      ? text.prefix(parser.problem_offset).count { $0 == UInt8(ascii: "\n") } : parser.problem_mark.line
    // At the end of a text whose last line has no line break, the parser is one line ahead.
    let last = String(decoding: text, as: UTF8.self).count(where: \.isNewline)
    return Problem(line: min(line, last) + 1, reason: sentence.isEmpty ? "it cannot be read" : sentence)
  }
}

extension YAML.Event.Kind {
  /// How much deeper the next event is.
  var step: Int {
    switch self {
    case .listBegins, .tableBegins: 1
    case .listEnds, .tableEnds: -1
    case .text, .documentBegins: 0
    }
  }
}

extension YAML.Problem {
  fileprivate static func unused(_ line: Int) -> Self {
    Self(line: line, reason: "anchors (&), aliases (*) and tags (!) are not used in settings; put quotes around the text")
  }
}
