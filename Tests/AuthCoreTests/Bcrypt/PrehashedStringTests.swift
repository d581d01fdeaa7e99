import Testing

@testable import AuthCore

/// The text forms of bcrypt with SHA-256 before it.
@Suite struct PrehashedStringTests {
  /// Each text differs from a hash of `password` in one way. The first nine are passlib's (`known_malformed_hashes` in its
  /// tests).
  private static let version2: [String] =
    [
      "$bcrypt-sha256$v=2,t=2b,r=5$5Hg1DKF!PE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS",
      "$bcrypt-sha256$v=2,t=2b,r=5$5Hg1DKFqPE8C2aflZ5vVoe$",
      "$bcrypt-sha256$v=2,t=2b,r=5$5Hg1DKFqPE8C2aflZ5vVoe",
    ]
    + [
      "v=1,t=2b,r=5", "v=3,t=2b,r=5", "v=2,t=2c,r=5", "v=2,t=2a,r=5", "v=2,t=2x,r=5", "v=2,t=2b,r=05",
      "v=2,t=2b,r=3", "v=2,t=2b,r=32", "v=2,t=2b,r=+5", "v=2,t=2b,r=", "v=2,t=2b", "v=2,r=5,t=2b",
      "v=2,t=2b,r=5,", "v=2,t=2b,r=5 ", " v=2,t=2b,r=5", "V=2,t=2b,r=5", "",
    ].map { "$bcrypt-sha256$\($0)$5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS" }
    + [
      "5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS\n", "5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS$",
      "5Hg1DKFqPE8C2aflZ5vVoewOK1VFFtS8IGTrGa7.h5fs0u84qyPbS", "5Hg1DKFqPE8C2aflZ5vVof$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS",
      "5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbT", "5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPb",
      "5Hg1DKFqPE8C2aflZ5vVo$ewOK1VFFtS8IGTrGa7.h5fs0u84qyPbS",
    ].map { "$bcrypt-sha256$v=2,t=2b,r=5$\($0)" }

  @Test(arguments: version2)
  func `text that deviates from version 2 of passlib's format is refused`(_ text: String) async throws {
    #expect(BcryptString(parsing: PasswordHash(text)) == nil)
    #expect(try await !BcryptHasher.fast.verify(Password("password"), against: PasswordHash(text)))
  }

  private static let salt = "5Hg1DKFqPE8C2aflZ5vVoe"
  private static let digest = "12BjNE0p7axMg55.Y/mHsYiVuFBDQyu"

  /// Each text differs from a hash of `password` in one way. The first five are passlib's (`known_malformed_hashes` in its
  /// tests).
  private static let version1: [String] =
    [
      "$bcrypt-sha256$2a,5$5Hg1DKF!PE8C2aflZ5vVoe$12BjNE0p7axMg55.Y/mHsYiVuFBDQyu",
      "$bcrypt-sha256$2c,5$5Hg1DKFqPE8C2aflZ5vVoe$12BjNE0p7axMg55.Y/mHsYiVuFBDQyu",
      "$bcrypt-sha256$2x,5$5Hg1DKFqPE8C2aflZ5vVoe$12BjNE0p7axMg55.Y/mHsYiVuFBDQyu",
      "$bcrypt-sha256$2a,05$5Hg1DKFqPE8C2aflZ5vVoe$12BjNE0p7axMg55.Y/mHsYiVuFBDQyu",
      "$bcrypt-sha256$2a,5$5Hg1DKFqPE8C2aflZ5vVoe$",
    ]
    + [
      "2y,5", "2,5", "2b", "2b,", "2b5", "2b;5", "2b, 5", " 2b,5", "2b,5 ", "2b,5,", "2B,5", "$2b,5", "b,5", "2b,3", "2b,32",
      "2b,+5", "2b,-5", "2b,\u{665}", "2b,\u{301}5", "v=1,2b,5", "2b,r=5",
    ].map { "$bcrypt-sha256$\($0)$\(salt)$\(digest)" }
    + [
      "\(salt)", "\(salt)\(digest)", "\(salt)$\(digest)\n", "\(salt)$\(digest)$", "\(salt)$\(digest.dropLast())",
      "\(salt)$\(digest)u", "\(salt.dropLast())$e\(digest)",
      // Spare bits that are not zero: four in the salt, two in the digest.
      "\(salt.dropLast())f$\(digest)", "\(salt)$\(digest.dropLast())v",
    ].map { "$bcrypt-sha256$2b,5$\($0)" }
    + ["bcrypt-sha256$2b,5$", "$bcrypt_sha256$2b,5$", "$bcrypt-sha256$$2b,5$", "$BCRYPT-SHA256$2b,5$"].map {
      "\($0)\(salt)$\(digest)"
    }

  @Test(arguments: version1)
  func `text that deviates from version 1 of passlib's format is refused`(_ text: String) async throws {
    #expect(BcryptString(parsing: PasswordHash(text)) == nil)
    #expect(try await !BcryptHasher.fast.verify(Password("password"), against: PasswordHash(text)))
  }

  private static let djangoSalt = "iodbrhDPNes7J2JWxRwvjO"
  private static let djangoDigest = "ExD5va8ZMQ6g5O1p76fbJDvNHXlMRxm"

  /// Each text differs from a hash of the password in one way. The first is passlib's (`known_malformed_hashers` in its tests).
  private static let django: [String] =
    ["bcrypt_sha256$xyz$2a$06$/3OeRpbOf8/l6nPPRdZPp.nRiyYqPobEZGdNRBWihQhiFDh1ws1tu"]
    + [
      "bcrypt_sha256$2b$04$", "$bcrypt_sha256$$2b$04$", "bcrypt_sha256$$$2b$04$", "bcrypt-sha256$$2b$04$",
      "BCRYPT_SHA256$$2b$04$", "bcrypt_sha256$ $2b$04$", "bcrypt_sha512$$2b$04$", "bcrypt_sha256$$2x$04$", "bcrypt_sha256$$2$04$",
      "bcrypt_sha256$$2B$04$",
      "bcrypt_sha256$$2b$4$", "bcrypt_sha256$$2b$004$", "bcrypt_sha256$$2b$+4$", "bcrypt_sha256$$2b$03$", "bcrypt_sha256$$2b$32$",
      "bcrypt_sha256$$2b$$", "bcrypt_sha256$$2b,4$", "bcrypt_sha256$$2b$04", " bcrypt_sha256$$2b$04$",
      "bcrypt_sha256\u{301}$$2b$04$",
    ].map { $0 + djangoSalt + djangoDigest }
    + [
      djangoSalt, "\(djangoSalt)$\(djangoDigest)", "\(djangoSalt)\(djangoDigest)\n", "\(djangoSalt)\(djangoDigest)$",
      "\(djangoSalt)\(djangoDigest.dropLast())", "\(djangoSalt)\(djangoDigest)m", "\(djangoSalt)!\(djangoDigest.dropFirst())",
      "\(djangoSalt.dropLast())P\(djangoDigest)", "\(djangoSalt)\(djangoDigest.dropLast())n",
    ].map { "bcrypt_sha256$$2b$04$\($0)" }

  @Test(arguments: django)
  func `text that deviates from Django's format is refused`(_ text: String) async throws {
    #expect(BcryptString(parsing: PasswordHash(text)) == nil)
    let password = try Password("correct horse battery staple")
    #expect(try await !BcryptHasher.fast.verify(password, against: PasswordHash(text)))
  }

  /// The valid hashes from which the texts above differ.
  @Test(
    arguments: [
      ("password", "$bcrypt-sha256$v=2,t=2b,r=5$5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS"),
      ("password", "$bcrypt-sha256$2b,5$\(salt)$\(digest)"),
      ("correct horse battery staple", "bcrypt_sha256$$2b$04$\(djangoSalt)\(djangoDigest)"),
    ])
  func `the valid hash beside the refused texts is accepted`(_ password: String, _ text: String) async throws {
    #expect(try await BcryptHasher.fast.verify(Password(password), against: PasswordHash(text)))
  }

  /// The SHA-256 in upper case, or as plain bytes, would be another key.
  @Test func `Django's hexadecimal digits are in lower case`() throws {
    let vector = try #require(BcryptVector.django.first { $0.text == "correct horse battery staple" })
    let hash = try #require(BcryptString(parsing: PasswordHash(vector.hash)))
    let digits = hexadecimal(Libcrypto.sha256(vector.password))
    #expect(BcryptJob(key: Array(digits.utf8), salt: hash.salt, cost: hash.cost).digest() == hash.digest)
    #expect(BcryptJob(key: Array(digits.uppercased().utf8), salt: hash.salt, cost: hash.cost).digest() != hash.digest)
  }
}
