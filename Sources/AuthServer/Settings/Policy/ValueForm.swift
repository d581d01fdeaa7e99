internal import AuthCore

/// How the settings file writes the values of a type.
struct ValueForm<Value>: Sendable {
  let parse: @Sendable (String) throws(InvalidValue) -> Value
  let text: @Sendable (Value) -> String
}

extension ValueForm where Value == Int {
  static func number(_ limits: ClosedRange<Int>) -> Self {
    ValueForm(
      parse: { (text) throws(InvalidValue) in
        guard let value = Int(text), limits.contains(value) else {
          throw InvalidValue(
            reason: "must be a whole number from \(limits.lowerBound) to \(limits.upperBound), not '\(text)'")
        }
        return value
      }, text: { "\($0)" })
  }
}

extension ValueForm where Value == Duration {
  static var duration: Self {
    ValueForm(parse: { (text) throws(InvalidValue) in try Duration(policy: text) }, text: { $0.policyText })
  }
}

extension ValueForm where Value == Bool {
  static var flag: Self {
    ValueForm(parse: { (text) throws(InvalidValue) in try Bool(setting: text) }, text: { "\($0)" })
  }
}

extension ValueForm {
  /// One of several values, each with a name.
  static func choice(_ values: KeyValuePairs<String, Value>) -> Self where Value: Equatable & Sendable {
    let values = Array(values)
    return ValueForm(
      parse: { (text) throws(InvalidValue) in
        guard let value = values.first(where: { $0.key == text })?.value else {
          throw InvalidValue(reason: "must be \(values.map(\.key).joined(separator: " or ")), not '\(text)'")
        }
        return value
      },
      text: { value in values.first { $0.value == value }!.key })
  }

  /// The form, or `none` for nil.
  var orNone: ValueForm<Value?> {
    ValueForm<Value?>(
      parse: { (text) throws(InvalidValue) in
        guard text != "none" else { return nil }
        do { return try parse(text) } catch { throw InvalidValue(reason: "\(error), or none") }
      },
      text: { $0.map(text) ?? "none" })
  }
}
