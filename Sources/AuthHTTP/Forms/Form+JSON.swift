internal import FoundationEssentials

extension Form {
  /// `application/json`: an object. Members that are not strings count as unreadable, should a route ask for them.
  static func decodeJSON(_ body: [UInt8]) throws(FormError) -> Values {
    // No JSON has a NUL but in UTF-16 and UTF-32, which the decoder would take and the look at names below would not understand.
    guard !body.contains(0) else { throw .malformed("the body is not a JSON object") }
    guard !hasLongName(body) else { throw .malformed("a name in the JSON object has more than \(longestName) bytes") }
    do {
      return try JSONDecoder().decode(JSONMembers.self, from: Data(body)).values
    } catch {
      throw .malformed("the body is not a JSON object")
    }
  }

  private static let longestName = 256

  /// Whether a string before a colon is longer than any name that means something here. The decoder hashes and compares names as
  /// Swift does, which for some long ones takes seconds.
  private static func hasLongName(_ body: [UInt8]) -> Bool {
    var index = 0
    while let start = body[index...].firstIndex(of: UInt8(ascii: "\"")) {
      var end = start + 1
      while end < body.count, body[end] != UInt8(ascii: "\"") { end += body[end] == UInt8(ascii: "\\") ? 2 : 1 }
      index = min(end + 1, body.count)
      let next = body[index...].first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
      if next == UInt8(ascii: ":"), end - start - 1 > longestName { return true }
    }
    return false
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
