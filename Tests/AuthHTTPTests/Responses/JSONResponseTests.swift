import Foundation
import NIOCore
import Testing

@testable import AuthHTTP

/// The JSON of responses: RFC 8259.
@Suite struct JSONResponseTests {
  @Test func `strings are escaped as JSONEncoder escapes them`() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let control = String(String.UnicodeScalarView((0..<0x80).map { Unicode.Scalar($0)! }))
    for text in ["", "bob@me.com", "/", "\"", "\\", "é\u{301}\u{2028}😀", control, "\(control)é\(control)"] {
      var body = ByteBuffer()
      body.writeJSON([("email", text), ("message", "a\(text)")])
      #expect(
        String(buffer: body) == String(decoding: try encoder.encode(["email": text, "message": "a\(text)"]), as: UTF8.self) + "\n"
      )
    }
  }

  @Test func `an object may be empty`() {
    var body = ByteBuffer()
    body.writeJSON([])
    #expect(String(buffer: body) == "{}\n")
  }
}
