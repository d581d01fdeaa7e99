import Foundation
import Testing

@testable import AuthServer

@Suite struct WebhookSecretTests {
  /// From the standard's own tests: `libraries/javascript/src/webhook.test.ts`, "sign function works".
  private let published = (
    secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
  )

  private func signature(_ contents: [UInt8]) throws(WebhookSecret.Problem) -> String {
    try WebhookSecret(contents: contents)
      .signature(id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8))
  }

  @Test func `a signature is the published one`() throws {
    #expect(try signature(Array(published.secret.utf8)) == published.signature)
  }

  @Test func `without the prefix the file is the key`() throws {
    let key = Array(try #require(Data(base64Encoded: String(published.secret.dropFirst(6)))))
    #expect(try signature(key) == published.signature)
    #expect(try signature(key + [0x0a]) != published.signature)
  }

  @Test func `a key has as many bytes as the standard allows`() throws {
    for count in [24, 64] { _ = try signature(Array(repeating: 1, count: count)) }
    for count in [0, 23, 65] {
      #expect(throws: WebhookSecret.Problem.length(count)) { try signature(Array(repeating: 1, count: count)) }
      let encoded = "whsec_" + Data(repeating: 1, count: count).base64EncodedString()
      #expect(throws: WebhookSecret.Problem.length(count)) { try signature(Array(encoded.utf8)) }
    }
  }

  @Test(arguments: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa*w", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "whsec_ MfKQ"])
  func `what is no base 64 after the prefix is refused`(_ text: String) {
    #expect(throws: WebhookSecret.Problem.notBase64) { try signature(Array(text.utf8)) }
  }

  @Test func `a secret shows in no text made of it`() throws {
    let secret = try WebhookSecret(contents: Array("a-key-that-nobody-must-know".utf8))
    let url = try SecureURL(setting: "https://example.org/")
    var dumped = ""
    dump(Webhook(url: url, secret: secret), to: &dumped)
    for text in [dumped, "\(secret)", String(reflecting: secret), "\([secret])", "\(Optional(secret) as Any)"] {
      #expect(!text.contains("a-key") && !text.contains("97, 45"))
    }
  }
}
