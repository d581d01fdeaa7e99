extension Form {
  /// `multipart/form-data`: RFC 7578, on the grammar of RFC 2046, section 5.1.1. A part with a file name is a file, not a field.
  static func decodeMultipart(_ body: [UInt8], contentType: String) throws(FormError) -> Values {
    guard let boundary = parameter("boundary", of: contentType), (1...70).contains(boundary.utf8.count) else {
      throw .malformed("multipart/form-data needs a boundary of 1 to 70 characters")
    }
    let delimiter = Array("\r\n--\(boundary)".utf8)
    // The line break before the first delimiter may be the one that ends the request's headers.
    var rest = ([UInt8]("\r\n".utf8) + body)[...]
    guard let preamble = rest.firstRange(of: delimiter) else { throw .malformed("the body has no part of its boundary") }
    rest = rest[preamble.upperBound...]

    var values = Values()
    while !rest.starts(with: "--".utf8) {
      guard let lineEnd = rest.firstRange(of: [13, 10]), let next = rest[lineEnd.lowerBound...].firstRange(of: delimiter) else {
        throw .malformed("the body ends within a part")
      }
      let part = rest[lineEnd.lowerBound..<next.lowerBound]
      rest = rest[next.upperBound...]
      // The headers begin after a line break and end with an empty line.
      guard let headersEnd = part.firstRange(of: [13, 10, 13, 10]) else { throw .malformed("a part has no end of its headers") }
      guard let name = fieldName(in: part[..<headersEnd.lowerBound]) else { continue }
      values.addFirst(name, String(validating: part[headersEnd.upperBound...], as: UTF8.self))
    }
    return values
  }

  /// The name in a part's `Content-Disposition: form-data; name="…"`.
  private static func fieldName(in headers: ArraySlice<UInt8>) -> String? {
    guard let headers = String(validating: headers, as: UTF8.self) else { return nil }
    for line in headers.split(separator: "\r\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].trimmingSpaces().lowercased() == "content-disposition" else { continue }
      guard parameter("filename", of: parts[1]) == nil, parameter("filename*", of: parts[1]) == nil else { return nil }
      return parameter("name", of: parts[1])
    }
    return nil
  }

  /// A parameter of a header such as `form-data; name="email"`, its quotes and backslashes undone (RFC 9110, 5.6.6).
  static func parameter(_ name: String, of header: some StringProtocol) -> String? {
    var rest = Substring(header)[...]
    while let semicolon = rest.firstIndex(of: ";") {
      rest = rest[rest.index(after: semicolon)...].drop { $0 == " " || $0 == "\t" }
      guard let equals = rest.firstIndex(where: { $0 == "=" || $0 == ";" }), rest[equals] == "=" else { continue }
      let key = rest[..<equals].trimmingSpaces().lowercased()
      rest = rest[rest.index(after: equals)...]
      let value = rest.first == "\"" ? quotedString(&rest) : rest.prefix { $0 != ";" }.trimmingSpaces()
      if key == name { return value }
    }
    return nil
  }

  /// Takes a quoted string off the front.
  private static func quotedString(_ text: inout Substring) -> String {
    var value = ""
    text.removeFirst()
    while let character = text.popFirst(), character != "\"" {
      value.append(character == "\\" ? text.popFirst() ?? character : character)
    }
    return value
  }
}
