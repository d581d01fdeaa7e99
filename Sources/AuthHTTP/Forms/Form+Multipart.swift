extension Form {
  /// Decodes `multipart/form-data`: RFC 7578, with the grammar of RFC 2046, section 5.1.1. A part with a file name is a file, not
  /// a field.
  static func decodeMultipart(_ body: [UInt8], contentType: [UInt8]) throws(FormError) -> Values {
    guard let boundary = parameter("boundary", of: contentType), (1...70).contains(boundary.count) else {
      throw .malformed("multipart/form-data needs a boundary of 1 to 70 characters")
    }
    let delimiter = Array("\r\n--".utf8) + boundary
    // The first delimiter also begins with a line break, but it may be the one that ends the request's headers.
    var rest = ([UInt8]("\r\n".utf8) + body)[...]
    guard let preamble = rest.firstRange(of: delimiter) else {
      throw .malformed("the body does not contain the boundary that its type names")
    }
    rest = rest[preamble.upperBound...]

    var values = Values()
    while !rest.starts(with: "--".utf8) {
      guard let lineEnd = rest.firstRange(of: [13, 10]), let next = rest[lineEnd.lowerBound...].firstRange(of: delimiter) else {
        throw .malformed("the body ends within a part")
      }
      let part = rest[lineEnd.lowerBound..<next.lowerBound]
      rest = rest[next.upperBound...]
      // The headers begin after a line break and end with an empty line.
      guard let headersEnd = part.firstRange(of: [13, 10, 13, 10]) else {
        throw .malformed("the headers of a part have no empty line after them")
      }
      guard let name = fieldName(in: part[..<headersEnd.lowerBound]) else { continue }
      values.addFirst(name) { _ in String(validating: part[headersEnd.upperBound...], as: UTF8.self) }
    }
    return values
  }

  /// The name in a part's `Content-Disposition: form-data; name="…"`.
  private static func fieldName(in headers: ArraySlice<UInt8>) -> [UInt8]? {
    for line in headers.split(separator: UInt8(ascii: "\n")) {
      let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
      guard parts.count == 2, parts[0].trimmingSpaces().equalsIgnoringCase("content-disposition") else { continue }
      let disposition = Array(parts[1].last == UInt8(ascii: "\r") ? parts[1].dropLast() : parts[1])
      guard parameter("filename", of: disposition) == nil, parameter("filename*", of: disposition) == nil else { return nil }
      return parameter("name", of: disposition)
    }
    return nil
  }

  /// A parameter of a header such as `form-data; name="email"`, without its quotes and backslashes (RFC 9110, 5.6.6).
  static func parameter(_ name: String, of header: [UInt8]) -> [UInt8]? {
    let (semicolon, equals, quote) = (UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "\""))
    var rest = header[...]
    while let start = rest.firstIndex(of: semicolon) {
      rest = rest[(start + 1)...]
      guard let end = rest.firstIndex(where: { $0 == equals || $0 == semicolon }), rest[end] == equals else { continue }
      let key = rest[..<end].trimmingSpaces()
      rest = rest[(end + 1)...]
      let value = rest.first == quote ? quotedString(&rest) : Array(rest.prefix { $0 != semicolon }.trimmingSpaces())
      if key.equalsIgnoringCase(name) { return value }
    }
    return nil
  }

  /// Removes a quoted string from the front.
  private static func quotedString(_ text: inout ArraySlice<UInt8>) -> [UInt8] {
    var value: [UInt8] = []
    text.removeFirst()
    while let byte = text.popFirst(), byte != UInt8(ascii: "\"") {
      value.append(byte == UInt8(ascii: "\\") ? text.popFirst() ?? byte : byte)
    }
    return value
  }
}
