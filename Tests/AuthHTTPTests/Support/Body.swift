/// The body of a request, with its type.
struct Body: Sendable {
  var contentType: String?
  var bytes: [UInt8]

  static let empty = Body(contentType: nil, bytes: [])

  init(contentType: String?, bytes: [UInt8]) {
    self.contentType = contentType
    self.bytes = bytes
  }

  init(_ contentType: String?, _ text: String) {
    self.init(contentType: contentType, bytes: Array(text.utf8))
  }

  /// Text that is already in the form's encoding.
  static func form(_ text: String) -> Body { Body("application/x-www-form-urlencoded", text) }

  /// JSON as it is.
  static func json(_ text: String) -> Body { Body("application/json", text) }

  /// Parts as they are, each from its first header to the end of its value.
  static func multipart(_ parts: String..., boundary: String = "frontier") -> Body {
    let text = parts.map { "--\(boundary)\r\n\($0)\r\n" }.joined() + "--\(boundary)--\r\n"
    return Body("multipart/form-data; boundary=\(boundary)", text)
  }
}

/// The three ways to write a form.
enum Encoding: CaseIterable, Sendable {
  case urlEncoded
  case multipart
  case json

  /// The fields in the order given, repeated ones too.
  func body(_ fields: KeyValuePairs<String, String>) -> Body {
    let texts = fields.map { (name: $0.key, value: Array($0.value.utf8)) }
    return body(texts)
  }

  /// The fields in the order given, with values that need not be text.
  func body(_ fields: [(name: String, value: [UInt8])]) -> Body {
    switch self {
    case .urlEncoded:
      let pairs = fields.map { "\($0.name)=\(percentEncoded($0.value))" }
      return .form(pairs.joined(separator: "&"))
    case .multipart:
      let parts = fields.map { field in
        Array("--frontier\r\nContent-Disposition: form-data; name=\"\(field.name)\"\r\n\r\n".utf8) + field.value + [13, 10]
      }
      return Body(contentType: "multipart/form-data; boundary=frontier", bytes: parts.joined() + Array("--frontier--\r\n".utf8))
    case .json:
      let members = fields.map { Array("\"\($0.name)\":".utf8) + quoted($0.value) }
      return Body(contentType: "application/json", bytes: [0x7b] + members.joined(separator: [0x2c]) + [0x7d])
    }
  }

  private func percentEncoded(_ bytes: [UInt8]) -> String {
    bytes.map { byte in "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }

  /// Quotes, backslashes and control characters escaped, all other bytes as they are.
  private func quoted(_ bytes: [UInt8]) -> [UInt8] {
    let escaped = bytes.flatMap { byte -> [UInt8] in
      guard byte < 0x20 || byte == 0x22 || byte == 0x5c else { return [byte] }
      return Array("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
    }
    return [0x22] + escaped + [0x22]
  }
}
