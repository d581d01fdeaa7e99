@testable internal import AuthCore
@testable internal import AuthHTTP
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The fields of a request's body.
extension Target {
  static let urlEncoded = Target(name: "URLEncoded") { body in
    guard let values = values(of: body, "application/x-www-form-urlencoded") else {
      fatalError("broken rule: every text is a form in this encoding")
    }
    check(values, of: body, "application/x-www-form-urlencoded")
  }

  /// The value of `Content-Type`, a line break, and the body.
  static let multipart = Target(name: "Multipart") { bytes in
    let (type, body) =
      bytes.firstIndex(of: UInt8(ascii: "\n")).map { (bytes[..<$0], Array(bytes[($0 + 1)...])) } ?? (bytes[...], [])
    let contentType = String(decoding: type, as: UTF8.self)
    guard let values = values(of: body, contentType) else { return }
    check(values, of: body, contentType)
  }

  static let json = Target(name: "JSON") { body in
    checkPrinting(body.text)
    guard let values = values(of: body, "application/json") else { return }
    check(values, of: body, "application/json")
    guard let foundations = try? JSONDecoder().decode(Members.self, from: Data(body)).values else {
      require(body.isEmpty, "what is taken for JSON is JSON for Foundation too")
      return
    }
    require(isSame(values, foundations), "the members are those that Foundation finds")
  }

  /// nil when the body is refused.
  private static func values(of body: [UInt8], _ contentType: String) -> Form.Values? {
    let first = try? Form.decode(body, contentType: contentType)
    let second = try? Form.decode(body, contentType: contentType)
    switch (first, second) {
    case (nil, nil): break
    case (let first?, let second?): require(isSame(first, second), "the same body has the same fields")
    default: fatalError("broken rule: a body is refused always or never")
    }
    return first
  }

  private static func check(_ values: Form.Values, of body: [UInt8], _ contentType: String) {
    for value in values.values {
      guard let value else { continue }
      require(value.utf8.count <= body.count, "a field is not longer than its body")
    }
    let fields = Fields(values)
    let readable = values.filter { $0.value != nil }
    for (again, type) in [
      (fields.urlEncoded, "application/x-www-form-urlencoded"), (fields.json, "application/json; charset=utf-8"),
    ] {
      guard let decoded = try? Form.decode(again, contentType: type) else {
        fatalError("broken rule: what is written as \(type) is read")
      }
      require(isSame(decoded, readable), "fields that are written as \(type) are read as they were")
    }
    let boundary = "frontier"
    if !fields.pairs.contains(where: { "\r\n\($0.value)".utf8.firstRange(of: "\r\n--\(boundary)".utf8) != nil }) {
      guard
        let decoded = try? Form.decode(
          fields.multipart(boundary: boundary), contentType: "multipart/form-data; boundary=\(boundary)")
      else { fatalError("broken rule: what is written as multipart is read") }
      require(isSame(decoded, readable), "fields that are written as multipart are read as they were")
    }
    checkLimits(values, of: body, contentType)
  }

  /// By the door that the routes use.
  private static func checkLimits(_ values: Form.Values, of body: [UInt8], _ contentType: String) {
    guard let name = HTTPField.Name("content-type"), HTTPField.isValidValue(contentType) else { return }
    let head = HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/", headerFields: [name: contentType])
    let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: body)))
    guard let form = wait({ try? await Form(request) }) else {
      fatalError("broken rule: a body that is decoded is one that the routes take")
    }
    for field in Form.Field.allCases {
      do {
        let text = try form.text(field)
        require(text.utf8.count <= field.limit, "no field is longer than its limit")
        require(values[field]??.hasSameBytes(as: text) == true, "the routes read what was decoded")
      } catch {
        switch error {
        case .missing(field): require(values[field] == nil, "only what is missing is missing")
        case .unreadable(field): require(values[field] == .some(nil), "only what is not text is unreadable")
        case .tooLong(field, let bytes): require(bytes > field.limit, "only what is too long is too long")
        default: fatalError("broken rule: \(error) is not the error of a field")
        }
      }
    }
  }

  /// Text that responses print.
  private static func checkPrinting(_ text: String) {
    var buffer = ByteBuffer()
    buffer.writeJSON([("email", text)])
    let values = try? Form.decode(Array(buffer.readableBytesView), contentType: "application/json")
    require(values?[.email]??.hasSameBytes(as: text) == true, "text that is printed as JSON is read as it was")
  }
}

/// The fields as Foundation's decoder finds them. It takes more than JSON: the comparison is of what both take.
private struct Members: Decodable {
  var values = Form.Values()

  init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Name.self)
    for field in Form.Field.allCases {
      let name = Name(stringValue: field.rawValue)
      if members.contains(name) {
        let flag = field.isFlag ? (try? members.decode(Bool.self, forKey: name)).map { "\($0)" } : nil
        values.updateValue(flag ?? (try? members.decode(String.self, forKey: name)), forKey: field)
      }
    }
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
