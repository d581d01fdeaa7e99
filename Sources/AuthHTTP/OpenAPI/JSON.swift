internal import NIOCore

/// A JSON value whose objects keep their members in order.
enum JSON: JSONWritable, Equatable {
  case string(String)
  case number(Int)
  case bool(Bool)
  case array([JSON])
  case object([Member])

  struct Member: Equatable {
    let name: String
    let value: JSON
  }

  /// The members without those that are nil.
  static func object(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
  }

  static func strings(_ texts: some Sequence<String>) -> JSON { .array(texts.map { .string($0) }) }

  func writeJSON(to buffer: inout ByteBuffer) { write(to: &buffer, depth: nil) }

  /// Writes a line for each member and element, indented, for people and for version control.
  func writeLines(to buffer: inout ByteBuffer) {
    write(to: &buffer, depth: 0)
    buffer.writeString("\n")
  }

  /// - Parameter depth: of the indentation; nil for a single line.
  private func write(to buffer: inout ByteBuffer, depth: Int?) {
    switch self {
    case .string(let text): text.writeJSON(to: &buffer)
    case .number(let number): buffer.writeString("\(number)")
    case .bool(let flag): flag.writeJSON(to: &buffer)
    case .array(let elements):
      Self.write(elements, between: ("[", "]"), to: &buffer, depth: depth) { $0.write(to: &$1, depth: $2) }
    case .object(let members):
      Self.write(members, between: ("{", "}"), to: &buffer, depth: depth) { member, buffer, depth in
        member.name.writeJSON(to: &buffer)
        buffer.writeString(depth == nil ? ":" : ": ")
        member.value.write(to: &buffer, depth: depth)
      }
    }
  }

  private static func write<Item>(
    _ items: [Item], between brackets: (String, String), to buffer: inout ByteBuffer, depth: Int?,
    _ write: (Item, inout ByteBuffer, Int?) -> Void
  ) {
    func breakLine(_ depth: Int?) {
      if let depth, !items.isEmpty { buffer.writeString("\n" + String(repeating: "  ", count: depth)) }
    }
    buffer.writeString(brackets.0)
    for (index, item) in items.enumerated() {
      if index > 0 { buffer.writeString(",") }
      breakLine(depth.map { $0 + 1 })
      write(item, &buffer, depth.map { $0 + 1 })
    }
    breakLine(depth)
    buffer.writeString(brackets.1)
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  init(stringLiteral text: String) { self = .string(text) }
  init(integerLiteral number: Int) { self = .number(number) }
  init(booleanLiteral flag: Bool) { self = .bool(flag) }
}

extension JSON: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  init(arrayLiteral elements: JSON...) { self = .array(elements) }
  init(dictionaryLiteral members: (String, JSON)...) { self = .object(members.map { Member(name: $0, value: $1) }) }
}
