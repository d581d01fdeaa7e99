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
      "$bcrypt-sha256$v=2,t=2b,r=31$\(salt)$\(digest)",
    ] + BcryptVector.plain.map(\.hash) + BcryptVector.passlibSHA256.map(\.hash))
  func `a hash that is taken apart prints the same text`(_ text: String) throws {
    let parsed = try #require(BcryptString(parsing: PasswordHash(text)))
    #expect(parsed.text == text)
  }

  @Test(
    arguments: [
      "plain": "$2b$05$\(salt)\(digest)", "HMAC": "$bcrypt-sha256$v=2,t=2b,r=5$\(salt)$\(digest)",
    ])
  func `a hash is taken apart into cost, salt and digest`(_ name: String, _ text: String) throws {
    let parsed = try #require(BcryptString(parsing: PasswordHash(text)))
    #expect(parsed.scheme == (name == "plain" ? .plain(prefix: "2b") : .hmacSHA256))
    #expect(parsed.cost == 5)
    #expect(parsed.salt.count == 16)
    #expect(parsed.digest.count == 23)
  }

  @Test(arguments: BcryptString.costs)
  func `every cost from 4 to 31 is accepted in both forms`(_ cost: Int) {
    let padded = cost < 10 ? "0\(cost)" : "\(cost)"
    #expect(BcryptString(parsing: PasswordHash("$2b$\(padded)$\(Self.salt)\(Self.digest)"))?.cost == cost)
    #expect(BcryptString(parsing: PasswordHash("$bcrypt-sha256$v=2,t=2b,r=\(cost)$\(Self.salt)$\(Self.digest)"))?.cost == cost)
  }

  /// Each differs in one way from a hash of ``password``.
  private static let malformed: [String] =
    [
      "", "$", "$$$", "$$$$", "*0", "*1", password, salt, digest,
    ]
    // Prefixes: the original of 1997, those never given out, and those of crypt_blowfish's test table.
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
    // The last character has bits to spare, which must be zero: two of the digest's, four of the salt's.
    + ["n", "o", "p"].map { "$2b$04$\(salt)\(digest.dropLast())\($0)" }
    + ["P", "S", "W", "N"].map { "$2b$04$\(salt.dropLast())\($0)\(digest)" }
    // Characters outside the alphabet.
    + ["+", "=", "-", "_", "!", "\0", "\u{20}"].map { "$2b$04$\(salt)\($0)\(digest.dropFirst())" }
    + ["+", "=", "-", "_", "!"].map { "$2b$04$\($0)\(salt.dropFirst())\(digest)" }
    + ["$2b$04$\(salt)\u{e9}\(digest.dropFirst(2))", "$2b$04$\(salt)\(digest.dropLast())m\u{301}"]

  @Test(arguments: malformed)
  func `text that is not bcrypt's to the letter is refused`(_ text: String) async throws {
    #expect(BcryptString(parsing: PasswordHash(text)) == nil)
    #expect(try await !BcryptHasher.fast.verify(Password(Self.password), against: PasswordHash(text)))
  }

  /// Each differs in one way from a hash of `password`; the first nine are passlib's (`known_malformed_hashes` of its test).
  private static let malformedHMAC: [String] =
    [
      "$bcrypt-sha256$v=2,t=2b,r=5$5Hg1DKF!PE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS",
      "$bcrypt-sha256$v=2,t=2b,r=5$5Hg1DKFqPE8C2aflZ5vVoe$",
      "$bcrypt-sha256$v=2,t=2b,r=5$5Hg1DKFqPE8C2aflZ5vVoe",
    ]
    + [
      "v=1,t=2b,r=5", "v=3,t=2b,r=5", "v=2,t=2c,r=5", "v=2,t=2a,r=5", "v=2,t=2x,r=5", "v=2,t=2b,r=05",
      "2a,5", "2b,5", "v=2,t=2b,r=3", "v=2,t=2b,r=32", "v=2,t=2b,r=+5", "v=2,t=2b,r=", "v=2,t=2b", "v=2,r=5,t=2b",
      "v=2,t=2b,r=5,", "v=2,t=2b,r=5 ", " v=2,t=2b,r=5", "V=2,t=2b,r=5", "",
    ].map { "$bcrypt-sha256$\($0)$5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS" }
    + [
      "5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS\n", "5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS$",
      "5Hg1DKFqPE8C2aflZ5vVoewOK1VFFtS8IGTrGa7.h5fs0u84qyPbS", "5Hg1DKFqPE8C2aflZ5vVof$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS",
      "5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbT", "5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPb",
      "5Hg1DKFqPE8C2aflZ5vVo$ewOK1VFFtS8IGTrGa7.h5fs0u84qyPbS",
    ].map { "$bcrypt-sha256$v=2,t=2b,r=5$\($0)" }

  @Test(arguments: malformedHMAC)
  func `text that is not passlib's version 2 to the letter is refused`(_ text: String) async throws {
    #expect(BcryptString(parsing: PasswordHash(text)) == nil)
    #expect(try await !BcryptHasher.fast.verify(Password("password"), against: PasswordHash(text)))
  }
}
