import AuthCore
import Testing

/// Parts of passwords that plain bcrypt would ignore.
///
/// OWASP ASVS 5.0: 6.2.8, 6.2.9; NIST SP 800-63B-4: 3.1.1.2.
@Suite struct TruncationTests {
  private static let seventyTwo = String(repeating: "x", count: 72)

  private func hash(_ text: String) async throws -> PasswordHash {
    try await BcryptHasher.fast.hash(Password(text))
  }

  private func verify(_ text: String, against hash: PasswordHash) async throws -> Bool {
    try await BcryptHasher.fast.verify(Password(text), against: hash)
  }

  @Test(arguments: [0, 1, 71, 72])
  func `a password of at most 72 bytes is stored as plain bcrypt`(length: Int) async throws {
    let text = String(repeating: "x", count: length)
    let stored = try await hash(text)
    #expect(stored.text.hasPrefix("$2b$04$"))
    #expect(stored.text.utf8.count == 60)
    #expect(try await verify(text, against: stored))
  }

  @Test(arguments: [73, 74, 144, 4096])
  func `a longer password is stored as bcrypt of its HMAC`(length: Int) async throws {
    let text = String(repeating: "x", count: length)
    let stored = try await hash(text)
    #expect(stored.text.hasPrefix("$bcrypt-sha256$v=2,t=2b,r=4$"))
    #expect(try await verify(text, against: stored))
  }

  @Test func `length is counted in bytes, not in characters`() async throws {
    let text = String(repeating: "\u{e9}", count: 37)
    #expect(try await hash(text).text.hasPrefix("$bcrypt-sha256$"))
    #expect(try await hash(String(text.dropLast())).text.hasPrefix("$2b$"))
  }

  @Test(arguments: ["y", "\0", "yyyyyyyy"])
  func `72 bytes, and the same 72 followed by more, are different passwords`(_ more: String) async throws {
    #expect(try await !verify(Self.seventyTwo + more, against: hash(Self.seventyTwo)))
    #expect(try await !verify(Self.seventyTwo, against: hash(Self.seventyTwo + more)))
    #expect(try await verify(Self.seventyTwo + more, against: hash(Self.seventyTwo + more)))
  }

  @Test func `71, 72 and 73 bytes of one character are three passwords`() async throws {
    let texts = [71, 72, 73].map { String(repeating: "x", count: $0) }
    for stored in texts {
      for given in texts {
        #expect(try await verify(given, against: hash(stored)) == (given == stored))
      }
    }
  }

  @Test(arguments: ["\0secret", "sec\0ret", "secret\0", "\0", "\0\0"])
  func `a NUL counts wherever it is`(_ text: String) async throws {
    let stored = try await hash(text)
    #expect(stored.text.hasPrefix("$bcrypt-sha256$"))
    #expect(try await verify(text, against: stored))
    #expect(try await !verify(text + "x", against: stored))
    #expect(try await !verify(text.replacing("\0", with: ""), against: stored))
    #expect(try await !verify(String(text.prefix { $0 != "\0" }), against: stored))
  }

  @Test(arguments: [("", "\0"), ("secret", "secret\0"), ("sec", "sec\0ret")])
  func `a password with a NUL never matches the plain hash of the part before it`(
    _ stored: String, _ given: String
  ) async throws {
    #expect(try await !verify(given, against: hash(stored)))
  }

  @Test func `the last of 4096 bytes counts`() async throws {
    let most = String(repeating: "x", count: 4095)
    let stored = try await hash(most + "y")
    #expect(try await verify(most + "y", against: stored))
    #expect(try await !verify(most + "z", against: stored))
    #expect(try await !verify(most, against: stored))
  }

  @Test func `a password of 4097 bytes is refused`() throws {
    #expect(throws: PasswordProblem.tooLong(bytes: 4097)) { try Password(String(repeating: "x", count: 4097)) }
    #expect(throws: PasswordProblem.tooLong(bytes: 4098)) { try Password(String(repeating: "\u{e9}", count: 2049)) }
    #expect(try Password(String(repeating: "\u{e9}", count: 2048)).byteCount == 4096)
  }
}
