import Testing

@testable import HTTP1

/// Where a body ends: RFC 9112, 6.1, 6.3 and 7.1.
@Suite struct TransferEncodingTests {
  private func request(_ fields: String, version: String = "1.1") -> String {
    "POST / HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n\r\n1\r\nx\r\n0\r\n\r\n"
  }

  @Test(arguments: ["chunked", "Chunked", "CHUNKED", "chunked ", " \t chunked"])
  func `chunked in any letter case is read, and the next request is found`(_ value: String) throws {
    #expect(try bodies(of: request("Transfer-Encoding:\(value)")) == ["x", "next"])
    #expect(try bodies(of: request("tRANSFER-eNCODING:\(value)")) == ["x", "next"])
  }

  @Test(arguments: [
    // RFC 9112, 6.3, 4.: the last is not chunked.
    "", " ", "identity", "gzip", "gzip, deflate", "x", "chunked, gzip", "chunked, identity", "xchunked", "chunkedx", "chun ked",
    "\"chunked\"", "chunked x", "chunked\u{a0}", "gzip;a=\"b,chunked\"",
    // 6.1: a sender does not chunk twice.
    "chunked, chunked", "chunked,gzip,chunked",
    // 7.1: chunked has no parameters.
    "chunked;x", "chunked;x=1", "chunked ; x", "chunked;", "chunked;x, chunked",
    // No sender may generate an empty element.
    "chunked,", ",chunked", ", chunked", "chunked, ,", "gzip,,chunked",
    // No token, which NIO refuses.
    "\u{b}chunked", "chunked\u{c}", "chunked\0",
  ])
  func `a body whose end can't be found is malformed`(_ value: String) throws {
    #expect(try refusal(of: request("Transfer-Encoding:\(value)")) == .malformed)
    #expect(try refusal(of: request("Transfer-Encoding: \(value)", version: "1.0")) == .malformed)
  }

  @Test(arguments: ["gzip, chunked", "gzip,chunked", "GZIP , Chunked", "identity, chunked", "gzip;q=1, chunked", "x, y, chunked"])
  func `another coding within chunked is not implemented`(_ value: String) throws {
    #expect(try refusal(of: request("Transfer-Encoding: \(value)")) == .unknownTransferCoding)
    #expect(try refusal(of: request("Transfer-Encoding: \(value)", version: "1.0")) == .unknownTransferCoding)
  }

  @Test(
    arguments: [
      (["gzip", "chunked"], .unknownTransferCoding), (["gzip", "deflate, chunked"], .unknownTransferCoding),
      (["identity", "chunked"], .unknownTransferCoding), (["chunked", "gzip"], .malformed), (["chunked", "chunked"], .malformed),
      (["", "chunked"], .malformed), (["chunked", ""], .malformed), (["gzip", "deflate"], .malformed),
    ] as [([String], Refusal)])
  func `several lines are one list`(_ lines: [String], _ expected: Refusal) throws {
    let lines = lines.map { "Transfer-Encoding: \($0)" }
    #expect(try refusal(of: request(lines.joined(separator: "\r\n"))) == expected)
    #expect(try refusal(of: request(lines.joined(separator: "\r\nX: y\r\n"))) == expected)
  }

  @Test(arguments: ["", "chunked", "gzip", "gzip, chunked", "identity"])
  func `a body with two lengths is malformed`(_ value: String) throws {
    for length in ["0", "5", "6"] {
      #expect(try refusal(of: request("Transfer-Encoding: \(value)\r\nContent-Length: \(length)")) == .malformed)
      #expect(try refusal(of: request("Content-Length: \(length)\r\nTransfer-Encoding: \(value)")) == .malformed)
    }
  }

  @Test(arguments: [
    "Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked", "Transfer-Encoding:\r\n chunked",
    " Transfer-Encoding: chunked",
  ])
  func `a field that one reader sees and another does not is malformed`(_ field: String) throws {
    #expect(try refusal(of: request(field)) == .malformed)
  }

  @Test(arguments: ["5", "005", "5 ", "\t5"])
  func `a body has the length that it says`(_ length: String) throws {
    #expect(try bodies(of: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n12345") == ["12345", "next"])
  }

  @Test(arguments: [
    "", "+5", "-5", "-0", "5,5", "5, 5", "5 5", "5,6", "0x5", "5.0", "5e0", "five", "٥", "5\u{b}", "18446744073709551616",
    "99999999999999999999999999", "5\r\nContent-Length: 5", "5\r\nContent-Length: 6", "0\r\nContent-Length: 5",
    "\r\nContent-Length: 5",
  ])
  func `a length that is not one number is malformed`(_ length: String) throws {
    #expect(try refusal(of: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n12345") == .malformed)
  }

  @Test(arguments: ["65537", "9223372036854775807", "9223372036854775808", "18446744073709551615"])
  func `a length that is too large is too large`(_ length: String) throws {
    let connection = try BytesConnection()
    try connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n12345")
    #expect(try connection.received()?.isTooLarge == true)
  }

  @Test(arguments: [
    "1\r\nx\r\n0\r\n\r\n", "01\r\nx\r\n0\r\n\r\n", "000000000000000000000001\r\nx\r\n00\r\n\r\n", "1;a\r\nx\r\n0\r\n\r\n",
    "1;a=b;c=\"d;\\\"e\"\r\nx\r\n0;f\r\n\r\n", "1\r\nx\r\n0\r\nTrailer: y\r\n\r\n",
  ])
  func `a chunked body is read as its chunks say`(_ body: String) throws {
    #expect(try bodies(of: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)") == ["x", "next"])
  }

  @Test(arguments: [
    "1\nx\n0\n\n", "1\r\nx\n0\r\n\r\n", "1\nx\r\n0\r\n\r\n", "1\rx\r0\r\r", "0\r\n\n", "0\n\r\n", "1;a\nx\r\n0\r\n\r\n",
    "1;a\rb\r\nx\r\n0\r\n\r\n", "1;a=\"\n\"\r\nx\r\n0\r\n\r\n", "1;a\0\r\nx\r\n0\r\n\r\n", "1;\r\nx\r\n0\r\n\r\n",
    "1;é\r\nx\r\n0\r\n\r\n",
    "1 \r\nx\r\n0\r\n\r\n", " 1\r\nx\r\n0\r\n\r\n", "0x1\r\nx\r\n0\r\n\r\n", "-1\r\nx\r\n0\r\n\r\n", "+1\r\nx\r\n0\r\n\r\n",
    "1_0\r\nx\r\n0\r\n\r\n", "g\r\nx\r\n0\r\n\r\n", "\r\nx\r\n0\r\n\r\n", "1xx\r\n0\r\n\r\n", "1\r\nxy\r\n0\r\n\r\n",
    "FFFFFFFFFFFFFFFFF\r\nx",
    "10000000000000001\r\nx\r\n0\r\n\r\n", "1\r\nx\r\n0\r\nT : y\r\n\r\n", "1\r\nx\r\n0\r\nT: y\n\r\n",
    "1\r\nx\r\n0\r\nT: y\r\n z\r\n\r\n",
    "1\r\nx\r\n0\r\nContent-Length: 1\r\n\r\n", "1\r\nx\r\n0\r\nTransfer-Encoding: gzip\r\n\r\n",
  ])
  func `a chunked body that breaks its grammar is malformed`(_ body: String) throws {
    #expect(try refusal(of: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)") == .malformed)
  }
}
