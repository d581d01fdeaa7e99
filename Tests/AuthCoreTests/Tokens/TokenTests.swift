import AuthCore
import Testing

/// OWASP ASVS 5.0: 7.2.3; NIST SP 800-63B-4: 4.2.1.2.
@Suite struct TokenTests {
  /// The session id and the reset token that an `Auth` makes from these random bytes.
  private func tokens(_ preset: Preset, random: some RandomSource) async throws -> [String] {
    let fixture = AuthFixture(preset.policy, random: random)
    _ = try await fixture.registerBob()
    return [try await fixture.logInBob().sessionID.text, try await fixture.resetTokenForBob().text]
  }

  /// The first is the example of RFC 9562, appendix A.3, with those bits inverted that the version and variant overwrite.
  @Test(
    arguments: [
      (
        [0x91, 0x91, 0x08, 0xf7, 0x52, 0xd1, 0xb3, 0x20, 0x5b, 0xac, 0xf8, 0x47, 0xdb, 0x41, 0x48, 0xa8],
        "919108f7-52d1-4320-9bac-f847db4148a8"
      ),
      ([0x00], "00000000-0000-4000-8000-000000000000"),
      ([0xff], "ffffffff-ffff-4fff-bfff-ffffffffffff"),
    ] as [([UInt8], String)])
  func `a token of classic is a version 4 UUID in lower case`(_ random: [UInt8], _ uuid: String) async throws {
    #expect(try await tokens(.classic, random: FixedRandom(unit: random)) == [uuid, uuid])
  }

  @Test(
    arguments: [
      ([0x00], String(repeating: "A", count: 43)),
      ([0xff], String(repeating: "_", count: 42) + "8"),
      ([0xfb, 0xef, 0xbe], String(repeating: "-", count: 42) + "8"),
    ] as [([UInt8], String)])
  func `a token of strict is 32 bytes in base64url`(_ random: [UInt8], _ text: String) async throws {
    #expect(try await tokens(.strict, random: FixedRandom(unit: random)) == [text, text])
  }

  @Test(arguments: Preset.allCases)
  func `every token is different and has the format of its policy`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    var texts: Set<String> = []
    for _ in 0..<100 {
      texts.insert(try #require(try await fixture.auth.createSession(email: AuthFixture.email)?.sessionID).text)
      texts.insert(try await fixture.resetTokenForBob().text)
    }
    #expect(texts.count == 200)
    let uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
    let base64url = /[A-Za-z0-9_-]{43}/
    for text in texts {
      #expect(try (preset == .classic ? uuid.wholeMatch(in: text)?.output : base64url.wholeMatch(in: text)?.output) != nil)
    }
  }

  /// The example of SHA-256 in NIST's "SHA256.pdf" for FIPS 180-4.
  @Test func `a digest is the SHA-256 of the text`() {
    let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(SessionID("abc").digest.hex == hex)
    #expect(ResetToken("abc").digest.hex == hex)
    #expect(SessionID("abc").digest == TokenDigest(hex: hex))
  }

  @Test func `two spellings of a token have different digests`() {
    #expect(SessionID("\u{e9}").digest != SessionID("e\u{301}").digest)
  }
}
