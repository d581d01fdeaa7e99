import AuthCore
import Testing

/// NIST SP 800-63B-4: 3.1.1.2.
@Suite struct BcryptHasherTests {
  private static let password = "mySuperPwd"

  @Test func `by default a hash is a 2b of cost 12`() async throws {
    let hasher = BcryptHasher(threads: 1)
    #expect(try await hasher.hash(Password(Self.password)).text.hasPrefix("$2b$12$"))
  }

  @Test func `a password has a different hash each time, and each is accepted`() async throws {
    let first = try await BcryptHasher.fast.hash(Password(Self.password))
    let second = try await BcryptHasher.fast.hash(Password(Self.password))
    #expect(first != second)
    for hash in [first, second] { #expect(try await BcryptHasher.fast.verify(Password(Self.password), against: hash)) }
  }

  @Test(arguments: ["mySuperPwe", "MySuperPwd", "mySuperPw", "mySuperPwd ", "", "m\u{131}SuperPwd"])
  func `a different password is refused`(_ other: String) async throws {
    let hash = try await BcryptHasher.fast.hash(Password(Self.password))
    #expect(try await !BcryptHasher.fast.verify(Password(other), against: hash))
  }

  @Test(arguments: ["", password])
  func `a text that is not a hash matches no password`(_ text: String) async throws {
    #expect(try await !BcryptHasher.fast.verify(Password(text), against: nil))
  }

  @Test(arguments: [4, 5, 6, 7])
  func `new hashes have the given cost`(cost: Int) async throws {
    let hasher = BcryptHasher(cost: cost, threads: 1)
    #expect(try await hasher.hash(Password(Self.password)).text.hasPrefix("$2b$0\(cost)$"))
  }

  @Test func `a stored hash over the maximum cost is refused even with its own password`() async throws {
    let hash = try await BcryptHasher(cost: 6, threads: 1).hash(Password(Self.password))
    #expect(try await BcryptHasher(cost: 4, maximumCost: 6, threads: 1).verify(Password(Self.password), against: hash))
    #expect(try await !BcryptHasher(cost: 4, maximumCost: 5, threads: 1).verify(Password(Self.password), against: hash))
  }

  private static let salt = "cVWp4XaNU8a4v1uMRum2SO"
  private static let digest = "026BWLIoQMD/TXg5uZV.0P.uO8m3YEm"

  /// A hash of this cost in each form, and whether new hashes may have that form.
  private static func forms(cost: Int) -> [(text: String, isCurrent: Bool)] {
    [
      ("$2b$0\(cost)$\(salt)\(digest)", true), ("$bcrypt-sha256$v=2,t=2b,r=\(cost)$\(salt)$\(digest)", true),
      ("$2a$0\(cost)$\(salt)\(digest)", false), ("$2y$0\(cost)$\(salt)\(digest)", false),
      ("$bcrypt-sha256$2a,\(cost)$\(salt)$\(digest)", false), ("$bcrypt-sha256$2b,\(cost)$\(salt)$\(digest)", false),
      ("bcrypt_sha256$$2b$0\(cost)$\(salt)\(digest)", false),
    ]
  }

  @Test func `a hash is replaced if its cost is lower, or if its cost is the same and its form is outdated`() {
    let hasher = BcryptHasher(cost: 5, threads: 1)
    for (text, _) in Self.forms(cost: 4) { #expect(hasher.needsRehash(PasswordHash(text))) }
    for (text, isCurrent) in Self.forms(cost: 5) { #expect(hasher.needsRehash(PasswordHash(text)) == !isCurrent) }
    for (text, _) in Self.forms(cost: 6) { #expect(!hasher.needsRehash(PasswordHash(text))) }
  }

  @Test(arguments: ["", "secret", "$2x$12$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm", "$argon2id$v=19$m=19456"])
  func `a text that is not a bcrypt hash is replaced`(_ text: String) {
    #expect(BcryptHasher.fast.needsRehash(PasswordHash(text)))
  }

  @Test(arguments: [1, 2], [true, false])
  func `each of many simultaneous calls gets the result for its own password`(threads: Int, isRight: Bool) async throws {
    let hasher = BcryptHasher(cost: 4, threads: threads, maximumWait: .seconds(1_000_000))
    let vectors = BcryptVector.pyca + BcryptVector.pyca
    let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
      for (index, vector) in vectors.enumerated() {
        let password = try Password(#require((isRight ? vector : vectors[(index + 1) % vectors.count]).text))
        group.addTask { try await hasher.verify(password, against: PasswordHash(vector.hash)) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers == Array(repeating: isRight, count: vectors.count))
  }
}
