@testable internal import AuthCore
@testable internal import AuthHTTP

/// Fields, to be written in each of the three encodings.
struct Fields {
  let pairs: [(name: String, value: String)]

  /// Those fields that are text, in a fixed order.
  init(_ values: Form.Values) {
    pairs = Form.Field.allCases.compactMap { field in
      guard let value = values[field], let value else { return nil }
      return (field.rawValue, value)
    }
  }

  var urlEncoded: [UInt8] {
    Array(pairs.map { "\($0.name)=\(percentEncoded($0.value))" }.joined(separator: "&").utf8)
  }

  private func percentEncoded(_ text: String) -> String {
    text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  var json: [UInt8] {
    Array("{\(pairs.map { "\"\($0.name)\":\"\(escaped($0.value))\"" }.joined(separator: ","))}".utf8)
  }

  private func escaped(_ text: String) -> String {
    text.utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }

  func multipart(boundary: String) -> [UInt8] {
    let parts = pairs.map { "--\(boundary)\r\nContent-Disposition: form-data; name=\"\($0.name)\"\r\n\r\n\($0.value)\r\n" }
    return Array("\(parts.joined())--\(boundary)--\r\n".utf8)
  }
}

/// Whether both have the same fields with the same bytes.
func isSame(_ a: Form.Values, _ b: Form.Values) -> Bool {
  Form.Field.allCases.allSatisfy { field in
    switch (a[field], b[field]) {
    case (nil, nil), (.some(nil), .some(nil)): true
    case (.some(.some(let a)), .some(.some(let b))): a.hasSameBytes(as: b)
    default: false
    }
  }
}
