import Testing

@testable import AuthCore

/// NIST SP 800-63B-4: 3.1.1.2.
@Suite struct BcryptVectorTests {
  private static let cheap = BcryptVector.plain.filter { BcryptString(parsing: PasswordHash($0.hash))!.cost <= 6 }
  private static let flippable = cheap.filter { !$0.password.isEmpty }
  private static let presentable = cheap.filter { $0.text != nil && !$0.isTruncated }
  private static let truncated = BcryptVector.plain.filter { $0.text != nil && $0.isTruncated }

  @Test(arguments: BcryptVector.plain)
  func `a published password hashes to the published digest with its salt and cost`(_ vector: BcryptVector) throws {
    let published = try #require(BcryptString(parsing: PasswordHash(vector.hash)))
    let digest = BcryptJob(key: vector.visible, salt: published.salt, cost: published.cost).digest()
    #expect(digest == published.digest)
  }

  @Test func `work without effect changes no digest`() throws {
    let vector = Self.cheap[0]
    let published = try #require(BcryptString(parsing: PasswordHash(vector.hash)))
    let job = BcryptJob(key: vector.visible, salt: published.salt, cost: published.cost, effort: published.cost + 2)
    #expect(job.rounds == 1 << (published.cost + 2))
    #expect(job.digest() == published.digest)
  }

  @Test(arguments: flippable)
  func `a published password with one bit changed hashes to another digest`(_ vector: BcryptVector) throws {
    let published = try #require(BcryptString(parsing: PasswordHash(vector.hash)))
    let digest = BcryptJob(key: vector.flipped, salt: published.salt, cost: published.cost).digest()
    #expect(digest != published.digest)
  }

  @Test(arguments: presentable)
  func `a published hash accepts its password`(_ vector: BcryptVector) async throws {
    let password = try Password(#require(vector.text))
    #expect(try await BcryptHasher.fast.verify(password, against: PasswordHash(vector.hash)))
  }

  @Test(arguments: presentable)
  func `a published hash refuses its password with one bit changed`(_ vector: BcryptVector) async throws {
    guard !vector.password.isEmpty, let text = String(validating: vector.flipped, as: UTF8.self) else { return }
    #expect(try await !BcryptHasher.fast.verify(Password(text), against: PasswordHash(vector.hash)))
  }

  @Test(arguments: presentable + BcryptVector.prehashed)
  func `a published hash with the last bit of its digest changed refuses the password`(_ vector: BcryptVector) async throws {
    var hash = try #require(BcryptString(parsing: PasswordHash(vector.hash)))
    hash.digest[BcryptString.digestBytes - 1] ^= 1
    let password = try Password(#require(vector.text))
    #expect(try await !BcryptHasher.fast.verify(password, against: PasswordHash(hash.text)))
  }

  @Test(arguments: 0..<BcryptString.digestBytes * 8)
  func `every bit of the digest counts`(_ bit: Int) async throws {
    let vector = BcryptVector.pyca[0]
    var hash = try #require(BcryptString(parsing: PasswordHash(vector.hash)))
    hash.digest[bit / 8] ^= 1 << (bit % 8)
    let password = try Password(#require(vector.text))
    #expect(try await !BcryptHasher.fast.verify(password, against: PasswordHash(hash.text)))
  }

  @Test(arguments: truncated)
  func `a published hash refuses a password that bcrypt would truncate`(_ vector: BcryptVector) async throws {
    let password = try Password(#require(vector.text))
    #expect(try await !BcryptHasher.fast.verify(password, against: PasswordHash(vector.hash)))
  }

  @Test(arguments: BcryptVector.cryptBlowfishBuggy)
  func `a hash marked 2x is refused with every password`(_ vector: BcryptVector) async throws {
    #expect(BcryptString(parsing: PasswordHash(vector.hash)) == nil)
    guard let text = vector.text else { return }
    #expect(try await !BcryptHasher.fast.verify(Password(text), against: PasswordHash(vector.hash)))
  }

  @Test(arguments: BcryptVector.cryptBlowfishCountered)
  func `2a is computed like 2b, without crypt_blowfish's countermeasure`(_ vector: BcryptVector) throws {
    let countered = try #require(BcryptString(parsing: PasswordHash(vector.hash)))
    let digest = BcryptJob(key: vector.password, salt: countered.salt, cost: countered.cost).digest()
    let plain = try #require(BcryptVector.cryptBlowfish.first { $0.password == vector.password })
    #expect(BcryptString(parsing: PasswordHash(plain.hash))?.digest == digest)
    #expect(digest != countered.digest)
  }
}

/// Hashes whose password goes through SHA-256 before bcrypt.
@Suite struct PrehashedVectorTests {
  private static let long = BcryptVector.passlibSHA256.filter(\.isTruncated)

  @Test(arguments: BcryptVector.prehashed)
  func `a hash by passlib or Django accepts its password`(_ vector: BcryptVector) async throws {
    let password = try Password(#require(vector.text))
    #expect(try await BcryptHasher.fast.verify(password, against: PasswordHash(vector.hash)))
  }

  @Test(arguments: BcryptVector.prehashed.filter { !$0.password.isEmpty })
  func `a hash by passlib or Django refuses its password with one bit changed`(_ vector: BcryptVector) async throws {
    var bytes = vector.password
    bytes[bytes.count - 1] ^= 1
    let password = try Password(#require(String(validating: bytes, as: UTF8.self)))
    #expect(try await !BcryptHasher.fast.verify(password, against: PasswordHash(vector.hash)))
  }

  @Test(arguments: BcryptVector.prehashed)
  func `one more byte makes a prehashed password a different one`(_ vector: BcryptVector) async throws {
    guard vector.password.count < Password.maximumBytes else { return }
    for more in ["x", "\0"] {
      let password = try Password(#require(vector.text) + more)
      #expect(try await !BcryptHasher.fast.verify(password, against: PasswordHash(vector.hash)))
    }
  }

  /// Salt and digest are written in the other forms: the SHA-256 of a password is not a password, and schemes are not mixed up.
  @Test(arguments: BcryptVector.prehashed)
  func `a hash in the form of another scheme refuses the password`(_ vector: BcryptVector) async throws {
    let published = try #require(BcryptString(parsing: PasswordHash(vector.hash)))
    let password = try Password(#require(vector.text))
    let schemes: [BcryptString.Scheme] = [
      .plain(prefix: "2b"), .hmacSHA256, .sha256Base64(prefix: "2b"), .sha256Hexadecimal(prefix: "2b"),
    ]
    for scheme in schemes where scheme.name != published.scheme.name {
      var other = published
      other.scheme = scheme
      #expect(try await !BcryptHasher.fast.verify(password, against: PasswordHash(other.text)))
    }
  }

  @Test(arguments: long)
  func `a long password is hashed to the same text as by passlib`(_ vector: BcryptVector) async throws {
    let published = try #require(BcryptString(parsing: PasswordHash(vector.hash)))
    let hasher = BcryptHasher(cost: published.cost, threads: 1, random: FixedRandom(unit: published.salt))
    #expect(try await hasher.hash(Password(#require(vector.text))).text == vector.hash)
  }

  @Test func `a short password is hashed to the same text as by OpenBSD`() async throws {
    let vector = BcryptVector.pyca[0]
    let published = try #require(BcryptString(parsing: PasswordHash(vector.hash)))
    let hasher = BcryptHasher(cost: published.cost, threads: 1, random: FixedRandom(unit: published.salt))
    #expect(try await hasher.hash(Password(#require(vector.text))).text == vector.hash)
  }
}

extension BcryptString.Scheme {
  /// The hash without its prefix.
  fileprivate var name: String { String("\(self)".prefix { $0 != "(" }) }
}
