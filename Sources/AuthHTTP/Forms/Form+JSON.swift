extension Form {
  /// `application/json`: one object. Members that are not strings count as unreadable if a route asks for them.
  static func decodeJSON(_ body: [UInt8]) throws(FormError) -> Values {
    guard let members = JSONObject.members(of: body) else { throw .notJSON }
    var values = Values()
    for (name, value) in members { values.addFirst(name, value.text) }
    return values
  }
}
