import AuthCore
import Foundation
import Testing

@testable import AuthServer

@Suite struct AuthMessageTests {
  private func json(_ message: AuthMessage, linkBase: String? = nil) -> String {
    String(decoding: message.json(linkBase: linkBase.flatMap { try? SecureURL(setting: $0) }), as: UTF8.self)
  }

  @Test func `a message is one line of JSON with its members in order`() {
    #expect(
      json(.sample) == """
        {"email":"bob@me.com","expires_at":"2026-11-25T05:00:00Z","id":"816c5054-2d3c-49ba-9a2d-3ac105134705",\
        "reset_token":"t0k3n-8d5e2c61","type":"password_reset"}
        """)
  }

  @Test func `a notice says when and why the password changed, and has no link`() {
    #expect(
      json(.notice, linkBase: "https://example.org/reset") == """
        {"cause":"reset","changed_at":"2026-11-25T05:00:00Z","email":"bob@me.com",\
        "id":"816c5054-2d3c-49ba-9a2d-3ac105134705","type":"password_changed"}
        """)
  }

  @Test(arguments: ["https://example.org/reset", "https://example.org/?page=reset", "http://127.0.0.1:8080/reset"])
  func `the link is the base with email and token in its fragment`(base: String) {
    #expect(json(.sample, linkBase: base).contains("\"link\":\"\(base)#email=bob%40me.com&reset_token=t0k3n-8d5e2c61\","))
  }

  @Test(
    arguments: [
      ("\"<>&#?/ %'\\`$+=;@x", "%22%3C%3E%26%23%3F%2F%20%25%27%5C%60%24%2B%3D%3B%40x"),
      ("é@é.example", "%C3%A9%40%C3%A9.example"), ("\u{1F511}@x", "%F0%9F%94%91%40x"), ("a\r\nb\u{0}", "a%0D%0Ab%00"),
      ("AZaz09-._~", "AZaz09-._~"),
    ])
  func `an email means nothing in a link but itself`(address: String, encoded: String) throws {
    let message = json(.to(address), linkBase: "https://example.org/")
    #expect(!message.contains("\n"))
    let members = try JSONDecoder().decode([String: String].self, from: Data(message.utf8))
    #expect(members["email"] == address)
    #expect(members["link"] == "https://example.org/#email=\(encoded)&reset_token=t0k3n-8d5e2c61")
    #expect(encoded.removingPercentEncoding == address)
  }
}
