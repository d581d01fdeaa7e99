internal import FoundationEssentials

extension Form {
  /// Decodes `application/json`: an object whose members are the fields. A field that is not a string is unreadable.
  static func decodeJSON(_ body: [UInt8]) throws(FormError) -> Values {
    try checkForDecoder(body)
    do {
      return try JSONDecoder().decode(JSONMembers.self, from: Data(body)).values
    } catch {
      throw .notJSON
    }
  }

  private static let longestName = 256

  /// Refuses what Foundation's decoder wrongly accepts: UTF-16 and UTF-32, which RFC 8259, 8.1, rules out and which contain NULs;
  /// a comma before a closing bracket; and very long names, which the decoder hashes and compares as strings, some of them for
  /// seconds.
  private static func checkForDecoder(_ body: [UInt8]) throws(FormError) {
    guard !body.contains(0) else { throw .notJSON }
    var index = 0
    var last: UInt8 = 0
    var lastStringLength = 0
    while index < body.count {
      let byte = body[index]
      switch byte {
      case UInt8(ascii: "\""):
        let start = index + 1
        index = start
        while index < body.count, body[index] != UInt8(ascii: "\"") { index += body[index] == UInt8(ascii: "\\") ? 2 : 1 }
        lastStringLength = index - start
      case UInt8(ascii: ":") where last == UInt8(ascii: "\"") && lastStringLength > longestName:
        throw .malformed("a name in the JSON object has more than \(longestName) bytes")
      case UInt8(ascii: "}") where last == UInt8(ascii: ","), UInt8(ascii: "]") where last == UInt8(ascii: ","):
        throw .notJSON
      default: break
      }
      if ![0x20, 0x09, 0x0a, 0x0d].contains(byte) { last = byte }
      index += 1
    }
  }
}

private struct JSONMembers: Decodable {
  var values = Form.Values()

  init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Name.self)
    for name in members.allKeys { values.addFirst(name.stringValue.utf8, try? members.decode(String.self, forKey: name)) }
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
