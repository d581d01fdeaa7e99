extension Form {
  /// `application/json`: one object. Members that are not strings count as unreadable if a route asks for them.
  static func decodeJSON(_ body: [UInt8]) throws(FormError) -> Values {
    guard let members = JSONObject.members(of: body) else { throw .notJSON }
    var values = Values()
    for (name, value) in members where !(value == .null && Form.Field(bytes: name)?.isFlag == true) {
      // Clients that are generated write null for a flag that is not given.
      values.addFirst(name) { value.text ?? ($0.isFlag ? value.flagText : nil) }
    }
    return values
  }
}

extension JSONObject.Value {
  /// The text that another encoding has for true or false.
  fileprivate var flagText: String? {
    if case .bool(let flag) = self { "\(flag)" } else { nil }
  }
}
