import AuthCore
import Testing

/// Hashes that nobody could log in with are refused, each by the name of its scheme, and by nothing else that is in it.
@Suite struct ImportRefusalTests {
  private static func refusal(of hash: String, by hasher: BcryptHasher = .fast) async -> AuthError? {
    let fixture = AuthFixture(.classic)
    do {
      _ = try await fixture.sharing(policy: .classic, hasher: hasher).importUser(email: AuthFixture.email, hash: hash)
      return nil
    } catch {
      await #expect(throws: StoreError.noResultFound) { try await fixture.bob }
      return error
    }
  }

  /// Many are from the tests of passlib 1.7.4 and Django 4.2; where they have none the beginning is right and the rest made up.
  private static let foreign: [(hash: String, scheme: PasswordHashScheme)] = [
    ("$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$GpZ3sK/oH9p7VIiV56G/64Zo/8GaUw434IimaPqxwCo", .argon2),
    ("$argon2i$v=19$m=256,t=1,p=1$c29tZXNhbHQ$AJFIsNZTMKTAewB4+ETN1A", .argon2),
    ("argon2$argon2i$v=19$m=256,t=1,p=1$c29tZXNhbHQ$AJFIsNZTMKTAewB4+ETN1A", .argon2),
    ("$scrypt$ln=4,r=8,p=1$c29tZXNhbHQ$GpZ3sKoH9p7VIiV56G64Zo8GaUw434IimaPqxwCo", .scrypt),
    ("scrypt:32768:8:1$hJNaIUVNyyGYCcVu$b43b0d7be9f4ac7ef0a1dfd0e4a8a8ce", .scrypt),
    ("$7$CU..../....2Q9obwLhin8qvQl6sisAO/$sYtcHVWNcQXKXXsTGzaCNOVJaBVZLBrEBQjmnvBmHk.", .scrypt),
    ("$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7", .yescrypt),
    ("$6$rounds=1401$FltVMFwh27lmG.zc$VUcmjQqVwWZ1OKAFVXF9ZWZfWkiVLyaB1vu8b3oT5mMmEeHkGOKZCfDZ5JYcEKJ8", .sha512Crypt),
    ("$5$LKO/Ute40T3FNF95$U0prpBQd4PloSGU0pnpM4z9wKn4vZ1.jsrzQfPqxph9", .sha256Crypt),
    ("$sha1$19703$iVdJqfSE$v4qYKl1zqYThwpjJAoKX6UvlHq/a", .sha1Crypt),
    ("$1$dXc3I7Rw$ctlgjDdWJLMT.qwHsWhXR1", .md5Crypt),
    ("$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/", .md5Crypt),
    ("ab1Hv2Lg7ltQo", .desCrypt),
    ("$2x$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e", .bcrypt2x),
    ("$2$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e", .bcrypt2),
    ("$wp$2y$10$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm", .wordPressBcrypt),
    ("pbkdf2_sha256$390000$seasalt$8xBlGd3jVgvJ+92hWPxi5ww0uuAuAnKgC45eudxro7c=", .pbkdf2),
    ("$pbkdf2-sha256$1212$4vjV83LKPjQzk4VI4E0Vrw$hsYF68OiOUPdDZ1Fg.fJPeq1h/gXXY7acBp9/6c.tmQ", .pbkdf2),
    ("sha1$seasalt$cff36ea83f5706ce9aa7454e63e431fc726b2dc8", .djangoDigest),
    ("md5$$88a434c88cca4e900f7874cd98123f43", .djangoDigest),
    ("$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0", .phpass),
    ("$H$9aaaaaSXBjgypwqm.JsMssPLiS8YQ00", .phpass),
    ("$S$DeIZ1KTE.VzRvudZ5.xgOakipuMFrVyPmRdWTjAdYieWj27NMglI", .drupal),
    ("{SSHA}P90+qijSp8MJ1tN25j5o1PflUvlqjXHOGeOckw==", .ldap),
    ("{CRYPT}$1$dOHYPKoP$tnxS1T8Q6VVn3kpV8cN6o.", .md5Crypt),
    ("{CRYPT}ab1Hv2Lg7ltQo", .ldap),
    ("{bcrypt}$2x$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e", .bcrypt2x),
    ("$3$$7f8fe03093cc84b267b109625f6bbf4b", .ntHash),
    ("5f4dcc3b5aa765d61d8327deb882cf99", .hexadecimalDigest),
    ("5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8", .hexadecimalDigest),
    ("5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8", .hexadecimalDigest),
  ]

  @Test(arguments: foreign)
  func `a hash of another scheme is refused by the scheme's name`(_ hash: String, _ scheme: PasswordHashScheme) async {
    #expect(await Self.refusal(of: hash) == .unacceptableHash(.unsupported(scheme)))
  }

  @Test func `every scheme that has a name has a hash above`() {
    #expect(Set(Self.foreign.map(\.scheme)) == Set(PasswordHashScheme.allCases).subtracting([.bcrypt, .unknown]))
  }

  /// Salt and digest.
  private static let rest = "cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm"

  private static let unknown = [
    "", "correct horse battery staple", "hunter2", "s3cr3t-t0k3n", "пароль", "$", "$$", "$9$x$y", "!", "*", "x", "{}",
    "{X}x", "5f4dcc3b5aa765d61d8327deb882cf9", "5f4dcc3b5aa765d61d8327deb882cf9g", "ab1Hv2Lg7ltQ", "ab1Hv2Lg7ltQ!",
    "ab1Hv2Lg7ltQoo", "1|", "1|s3cr3t", "2|$2b$04$\(rest)", "{noop}$2b$04$\(rest)", "{PLAIN}$2b$04$\(rest)", " $2b$04$\(rest)",
    "2b$04$x", "$2c$04$x", "$2b", String(repeating: "x", count: 100_000),
  ]

  @Test(arguments: unknown)
  func `a text of no known scheme, which may be a password, is refused as unknown`(_ text: String) async {
    #expect(await Self.refusal(of: text) == .unacceptableHash(.unsupported(.unknown)))
  }

  private static let withNUL = ["\0", "hunter2\0", "\0$2b$04$\(rest)", "$2b$04$\(rest)\0", "$2b$04$\(rest.dropLast())\0"]

  @Test(arguments: withNUL)
  func `a text with U+0000 is not a hash`(_ text: String) async {
    #expect(await Self.refusal(of: text) == .unacceptableHash(.containsNUL))
  }

  private static let malformed = [
    "$2b$04$\(rest.dropLast())", "$2b$4$\(rest)", "$2a$04$\(rest)\n", "$2y$32$\(rest)", "$2b$99$\(rest)",
    "$2b$04$cVWp4XaNU8a4v1uMRum2SP026BWLIoQMD/TXg5uZV.0P.uO8m3YEm",
    "$bcrypt-sha256$v=3,t=2b,r=5$5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS",
    "$bcrypt-sha256$2x,5$5Hg1DKFqPE8C2aflZ5vVoe$12BjNE0p7axMg55.Y/mHsYiVuFBDQyu",
    "bcrypt_sha256$xyz$2a$06$/3OeRpbOf8/l6nPPRdZPp.nRiyYqPobEZGdNRBWihQhiFDh1ws1tu",
    "bcrypt_sha256$$2b$04$", "$2b$", "$2b$s3cr3t", "bcrypt$s3cr3t", "{bcrypt}s3cr3t", "{BLF-CRYPT}", "#jbcrypt:",
    "{bcrypt} $2b$04$\(rest)", "{bcrypt}{bcrypt}$2b$04$\(rest)", "{bcrypt}$2b$04$\(rest.dropLast())",
  ]

  @Test(arguments: malformed)
  func `a bcrypt hash that is not written to the letter is refused as malformed`(_ text: String) async {
    #expect(await Self.refusal(of: text) == .unacceptableHash(.malformed))
  }

  private static let dear = [
    "$2b$17$\(rest)": 17,
    "$2y$31$\(rest)": 31,
    "$bcrypt-sha256$v=2,t=2b,r=31$5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS": 31,
    "$bcrypt-sha256$2b,20$5Hg1DKFqPE8C2aflZ5vVoe$12BjNE0p7axMg55.Y/mHsYiVuFBDQyu": 20,
    "bcrypt_sha256$$2b$31$iodbrhDPNes7J2JWxRwvjOExD5va8ZMQ6g5O1p76fbJDvNHXlMRxm": 31,
  ]

  @Test(arguments: dear)
  func `a hash of more than the greatest cost is refused, whatever its form`(_ hash: String, _ cost: Int) async {
    let error = await Self.refusal(of: hash)
    #expect(error == .unacceptableHash(.tooExpensive(cost: cost, maximum: BcryptHasher.defaultMaximumCost)))
    #expect(await Self.refusal(of: hash, by: BcryptHasher(cost: 4, maximumCost: cost, threads: 1)) == nil)
  }

  @Test(arguments: foreign.map(\.hash) + unknown + withNUL + malformed + dear.keys)
  func `no refusal shows a part of the text`(_ text: String) async throws {
    let error = try #require(await Self.refusal(of: text))
    var dumped = ""
    dump(error, to: &dumped)
    // Six characters in a row are no accident, but for the names of schemes.
    let names = PasswordHashScheme.allCases.map(\.rawValue)
    let parts = text.indices.compactMap { start in
      text.index(start, offsetBy: 6, limitedBy: text.endIndex).map { String(text[start..<$0]) }
    }
    for part in Set(parts) where !names.contains(where: { $0.contains(part) }) {
      for shown in ["\(error)", String(reflecting: error), dumped] { #expect(!shown.contains(part)) }
    }
  }

  @Test func `a refusal says what to do`() {
    let sentence = { (problem: PasswordHashProblem) in AuthError.unacceptableHash(problem).description }
    #expect(sentence(.unsupported(.argon2)).contains("Argon2 hashes are not supported; register the account"))
    #expect(sentence(.unsupported(.unknown)).contains("not a hash of a known scheme; register the account"))
    #expect(sentence(.malformed).contains("give the whole text"))
    #expect(sentence(.containsNUL).contains("contains U+0000; give the whole text"))
    #expect(sentence(.tooExpensive(cost: 20, maximum: 16)).contains("has cost 20; the limit is 16; raise"))
  }
}
