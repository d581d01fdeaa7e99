internal import FoundationEssentials

extension Form {
  /// `application/json`: an object. Members that are not strings count as unreadable, should a route ask for them.
  static func decodeJSON(_ body: [UInt8]) throws(FormError) -> Values {
    do {
      return try JSONDecoder().decode(JSONMembers.self, from: Data(body)).values
    } catch {
      throw .malformed("the body is not a JSON object")
    }
  }
}

private struct JSONMembers: Decodable {
  var values = Form.Values()

  init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Name.self)
    for name in members.allKeys { values.addFirst(name.stringValue, try? members.decode(String.self, forKey: name)) }
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
