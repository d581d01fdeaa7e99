import Testing

@testable import AuthCore

@Suite struct BcryptStringTests {
  private static let salt = "cVWp4XaNU8a4v1uMRum2SO"
  private static let digest = "026BWLIoQMD/TXg5uZV.0P.uO8m3YEm"
  private static let password = "Kk4DQuMMfZL9o"

  @Test(arguments: ["$2a$04$", "$2b$04$", "$2y$04$"])
  func `the prefixes 2a, 2b and 2y mean the same`(_ prefix: String) async throws {
    let hash = PasswordHash(prefix + Self.salt + Self.digest)
    #expect(try await BcryptHasher.fast.verify(Password(Self.password), against: hash))
  }

  @Test(
    arguments: [
      "$2a$04$\(salt)\(digest)", "$2b$04$\(salt)\(digest)", "$2y$09$\(salt)\(digest)", "$2b$10$\(salt)\(digest)",
      "$2b$31$\(salt)\(digest)", "$2b$04$\(String(repeating: ".", count: 53))",
      "$bcrypt-sha256$v=2,t=2b,r=4$\(salt)$\(digest)", "$bcrypt-sha256$v=2,t=2b,r=12$\(salt)$\(digest)",
      "$bcrypt-sha256$v=2,t=2b,r=31$\(salt)$\(digest)", "$bcrypt-sha256$2a,4$\(salt)$\(digest)",
      "$bcrypt-sha256$2b,31$\(salt)$\(digest)", "bcrypt_sha256$$2a$04$\(salt)\(digest)",
      "bcrypt_sha256$$2b$12$\(salt)\(digest)", "bcrypt_sha256$$2y$31$\(salt)\(digest)",
    ] + BcryptVector.plain.map(\.hash) + BcryptVector.prehashed.map(\.hash))
  func `a parsed hash is written as the text that it was parsed from`(_ text: String) throws {
    let parsed = try #require(BcryptString(parsing: PasswordHash(text)))
    #expect(parsed.text == text)
  }

  @Test(
    arguments: [
      ("$2b$05$\(salt)\(digest)", BcryptString.Scheme.plain(prefix: "2b")),
      ("$bcrypt-sha256$v=2,t=2b,r=5$\(salt)$\(digest)", .hmacSHA256),
      ("$bcrypt-sha256$2a,5$\(salt)$\(digest)", .sha256Base64(prefix: "2a")),
      ("bcrypt_sha256$$2y$05$\(salt)\(digest)", .sha256Hexadecimal(prefix: "2y")),
    ])
  func `a hash is parsed into scheme, cost, salt and digest`(_ text: String, _ scheme: BcryptString.Scheme) throws {
    let parsed = try #require(BcryptString(parsing: PasswordHash(text)))
    #expect(parsed.scheme == scheme)
    #expect(parsed.cost == 5)
    #expect(parsed.salt.count == 16)
    #expect(parsed.digest.count == 23)
  }

  @Test(arguments: BcryptString.costs)
  func `every cost from 4 to 31 is accepted in every form`(_ cost: Int) {
    let padded = cost < 10 ? "0\(cost)" : "\(cost)"
    for start in ["$2b$\(padded)$", "bcrypt_sha256$$2b$\(padded)$"] {
      #expect(BcryptString(parsing: PasswordHash(start + Self.salt + Self.digest))?.cost == cost)
    }
    for start in ["v=2,t=2b,r=\(cost)", "2b,\(cost)"] {
      #expect(BcryptString(parsing: PasswordHash("$bcrypt-sha256$\(start)$\(Self.salt)$\(Self.digest)"))?.cost == cost)
    }
  }

  /// Each text differs from a hash of ``password`` in one way.
  private static let malformed: [String] =
    [
      "", "$", "$$$", "$$$$", "*0", "*1", password, salt, digest,
    ]
    // Prefixes: the original of 1997, some that were never used, and those of crypt_blowfish's test table.
    + ["2", "2x", "2c", "2z", "2`", "2{", "2B", "2bb", "1", "5", "6", "y", ""].map { "$\($0)$04$\(salt)\(digest)" }
    + ["2b$04$\(salt)\(digest)", "x$2b$04$\(salt)\(digest)", "$$2b$04$\(salt)\(digest)", " $2b$04$\(salt)\(digest)"]
    // Costs.
    + ["03", "32", "00", "99", "4", "+4", "-4", "+5", "004", "04 ", " 4", "0x4", "4.0", "", "a", "\u{664}"].map {
      "$2b$\($0)$\(salt)\(digest)"
    }
    // Lengths.
    + [
      "$2b$04$", "$2b$04$\(salt)", "$2b$04$\(digest)", "$2b$04$\(salt)\(digest.dropLast())", "$2b$04$\(salt)\(digest)m",
      "$2b$04$\(salt.dropLast())\(digest)", "$2b$04$\(salt)\(digest)\n", "$2b$04$\(salt)\(digest) ",
      "$2b$04$\(salt)\(digest)$", "$2b$04$\(salt)$\(digest)", "$2b$04$\(salt)\(digest)\0", "$2b$04$\(salt)\(digest)\r\n",
    ]
    // The last character has spare bits, which must be zero: two in the digest, four in the salt.
    + ["n", "o", "p"].map { "$2b$04$\(salt)\(digest.dropLast())\($0)" }
    + ["P", "S", "W", "N"].map { "$2b$04$\(salt.dropLast())\($0)\(digest)" }
    // Characters outside the alphabet.
    + ["+", "=", "-", "_", "!", "\0", "\u{20}"].map { "$2b$04$\(salt)\($0)\(digest.dropFirst())" }
    + ["+", "=", "-", "_", "!"].map { "$2b$04$\($0)\(salt.dropFirst())\(digest)" }
    + ["$2b$04$\(salt)\u{e9}\(digest.dropFirst(2))", "$2b$04$\(salt)\(digest.dropLast())m\u{301}"]

  @Test(arguments: malformed)
  func `text that deviates from bcrypt's format is refused`(_ text: String) async throws {
    #expect(BcryptString(parsing: PasswordHash(text)) == nil)
    #expect(try await !BcryptHasher.fast.verify(Password(Self.password), against: PasswordHash(text)))
  }
}
