@testable internal import AuthCore
@testable internal import AuthHTTP
internal import Glibc
@testable internal import Transfer

/// Reads inputs from standard input and writes what our parsers make of them to standard output, for `compare.py`.
///
/// An input is one byte that names the parser, the length as 4 bytes in network order, and as many bytes. A response is a length
/// and bytes, too.
enum Comparison {
  static func run() {
    while let head = read(5) {
      let count = head[1...].reduce(0) { $0 << 8 | Int($1) }
      guard let input = read(count) else { break }
      write(response(to: input, parser: head[0]))
    }
  }

  private static func response(to input: [UInt8], parser: UInt8) -> [UInt8] {
    switch parser {
    case UInt8(ascii: "u"): fields(input, "application/x-www-form-urlencoded")
    case UInt8(ascii: "j"): fields(input, "application/json")
    case UInt8(ascii: "m"):
      input.firstIndex(of: UInt8(ascii: "\n")).map { end in
        fields(Array(input[(end + 1)...]), String(decoding: input[..<end], as: UTF8.self))
      } ?? []
    case UInt8(ascii: "a"): Array((IPAddress(input.text)?.description ?? "").utf8)
    case UInt8(ascii: "n"): Array((IPNetwork(input.text)?.description ?? "").utf8)
    case UInt8(ascii: "e"): [(try? Email(input.text)).map { EmailRule.emailAddress.problem(with: $0) == nil } == true ? 1 : 0]
    case UInt8(ascii: "p"): [BcryptString(parsing: PasswordHash(input.text)) == nil ? 0 : 1]
    case UInt8(ascii: "c"): input.csvRecords().flatMap { texts(try? $0.fields.get()) }
    case UInt8(ascii: "l"):
      (input.rows(.jsonl) ?? []).flatMap { row in texts((try? row.row.get()).map { [$0.email, $0.hash, "\($0.isDisabled)"] }) }
    default: fatalError("there is no parser of this name")
    }
  }

  /// Nothing for a body that is refused. Else a 1 and for each field, in a fixed order: 0 if it is not there, 1 if it is no text,
  /// 2 and its length and bytes if it is.
  private static func fields(_ body: [UInt8], _ contentType: String) -> [UInt8] {
    guard let values = try? Form.decode(body, contentType: contentType) else { return [] }
    return [1]
      + Form.Field.allCases.flatMap { field -> [UInt8] in
        guard let value = values[field] else { return [0] }
        guard let text = value else { return [1] }
        return [2] + length(text.utf8.count) + Array(text.utf8)
      }
  }

  /// A 0 for what cannot be read. Else a 1, the number of texts, and the length and the bytes of each.
  private static func texts(_ texts: [String]?) -> [UInt8] {
    guard let texts else { return [0] }
    return [1] + length(texts.count) + texts.flatMap { length($0.utf8.count) + Array($0.utf8) }
  }

  private static func length(_ count: Int) -> [UInt8] {
    (0..<4).reversed().map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
  }

  /// nil at the end.
  private static func read(_ count: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let piece = unsafe [UInt8](unsafeUninitializedCapacity: count - bytes.count) { buffer, filled in
        // SAFETY: the buffer has room for what is read.
        filled = unsafe max(0, Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count))
      }
      guard !piece.isEmpty else { return nil }
      bytes += piece
    }
    return bytes
  }

  private static func write(_ response: [UInt8]) {
    var rest = (length(response.count) + response)[...]
    while !rest.isEmpty {
      // SAFETY: the bytes live until the call returns, and are as many.
      let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      guard written > 0 else { exit(1) }
      rest.removeFirst(written)
    }
  }
}
