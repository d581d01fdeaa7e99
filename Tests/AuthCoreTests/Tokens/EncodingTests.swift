import Testing

@testable import AuthCore

@Suite struct EncodingTests {
  /// RFC 4648, section 10, without the padding.
  @Test(
    arguments: ["": "", "f": "Zg", "fo": "Zm8", "foo": "Zm9v", "foob": "Zm9vYg", "fooba": "Zm9vYmE", "foobar": "Zm9vYmFy"])
  func `Base64 encodes and decodes the examples of the RFC`(_ plain: String, _ encoded: String) {
    #expect(Base64.standard.encode(Array(plain.utf8)) == Array(encoded.utf8))
    #expect(Base64.standard.decode(encoded.utf8) == Array(plain.utf8))
  }

  @Test(arguments: ["Zh", "Zn9", "Z", "Zg=", "Zg==", "Z g", "Zm9vY", "Zg\n", "-_"])
  func `text that no bytes encode to is refused`(_ text: String) {
    #expect(Base64.standard.decode(text.utf8) == nil)
  }

  @Test func `every byte at every position survives encoding and decoding in each alphabet`() {
    for alphabet in [Base64.standard, .url, .bcrypt] {
      for byte in UInt8.min...UInt8.max {
        for bytes in [[byte], [0, byte], [0, 0, byte], [byte, 0, 0, 0]] {
          #expect(alphabet.decode(alphabet.encode(bytes)) == bytes)
        }
      }
    }
  }

  /// RFC 4231, test cases 1, 2 and 6: a short key, a shorter key, and a key longer than the block.
  @Test(
    arguments: [
      (cycle([0x0b], count: 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
      (
        Array("Jefe".utf8), "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        cycle([0xaa], count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ])
  func `HMAC-SHA256 gives the results of the RFC`(_ key: [UInt8], _ message: String, _ mac: String) {
    let bytes = Array(message.utf8)
    #expect(hexadecimal(Libcrypto.hmacSHA256(key: key, message: bytes)) == mac)
  }
}
