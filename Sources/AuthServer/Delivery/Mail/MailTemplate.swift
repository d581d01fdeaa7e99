/// A text in which `{{name}}` stands for a value.
///
/// There is nothing else: no conditions, no loops and no value that is not escaped. What does not depend on a value is another
/// template.
struct MailTemplate: Sendable {
  /// The limit on a file, in bytes.
  static let maximumBytes = 32 * 1024
  /// How many variables a template may have: it bounds what values of any length add up to.
  static let maximumVariables = 100

  /// What is wrong with a template.
  struct Problem: Error, Equatable {
    let line: Int
    let sentence: String
  }

  private enum Piece {
    case text(String)
    case variable(String)
  }

  private let pieces: [Piece]

  /// Parses a template.
  ///
  /// - Parameter variables: the names that it may use.
  /// - Throws: ``Problem``.
  init(_ text: String, variables: [String]) throws(Problem) {
    var (rest, line, pieces, count) = (text[...], 1, [Piece](), 0)
    while let opening = rest.firstRange(of: "{{") {
      let before = rest[..<opening.lowerBound]
      line += before.lineBreaks
      pieces.append(.text(String(before)))
      guard let closing = rest[opening.upperBound...].firstRange(of: "}}") else {
        throw Problem(line: line, sentence: "has {{ without }} after it")
      }
      var name = rest[opening.upperBound..<closing.lowerBound]
      while name.first == " " { name.removeFirst() }
      while name.last == " " { name.removeLast() }
      guard variables.contains(String(name)) else {
        let list = variables.map { "{{\($0)}}" }.joined(separator: ", ")
        throw Problem(line: line, sentence: "has the variable {{\(name.prefix(40))}}; there are \(list)")
      }
      count += 1
      guard count <= Self.maximumVariables else {
        throw Problem(line: line, sentence: "has more than \(Self.maximumVariables) variables")
      }
      pieces.append(.variable(String(name)))
      line += name.lineBreaks
      rest = rest[closing.upperBound...]
    }
    self.pieces = pieces + [.text(String(rest))]
  }

  /// The names in the order of their places.
  var variables: [String] { pieces.compactMap { if case .variable(let name) = $0 { name } else { nil } } }

  /// The text with its values, each written as `escape` says.
  func rendered(with values: [String: String], escape: (String) -> String) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .variable(let name): escape(values[name] ?? "")
      }
    }.joined()
  }
}

extension Substring {
  fileprivate var lineBreaks: Int { utf8.count { $0 == UInt8(ascii: "\n") } }
}
