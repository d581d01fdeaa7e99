import Glibc
import Testing

@testable import AuthCore

/// The system's crypt(3), which has an independent implementation of bcrypt, Solar Designer's. It is loaded at run time, so that
/// the tests can be built without its header.
enum Libxcrypt {
  private typealias Text = UnsafePointer<CChar>
  private typealias Crypt = @convention(c) (Text, Text, UnsafeMutableRawPointer) -> UnsafeMutablePointer<CChar>?

  /// At least `sizeof(struct crypt_data)` of libxcrypt and glibc. The greatest, glibc's, was 131,232.
  private static let scratchBytes = 1 << 18

  private static let function: Crypt? = {
    guard let library = unsafe dlopen("libcrypt.so.1", RTLD_NOW) else { return nil }
    guard let symbol = unsafe dlsym(library, "crypt_r") else { return nil }
    // The manual page crypt(3) defines the type of crypt_r.
    return unsafe unsafeBitCast(symbol, to: Crypt.self)
  }()

  /// Whether there is a crypt(3) that supports bcrypt, which those of musl and old versions of glibc do not.
  static let isAvailable: Bool = {
    let known = BcryptVector.cryptBlowfish[0]
    return hash(known.password, setting: known.hash) == known.hash
  }()

  /// - Parameter password: without NUL, at which crypt(3) would stop.
  static func hash(_ password: [UInt8], setting: String) -> String? {
    guard let crypt = unsafe function else { return nil }
    let phrase = (password + [0]).map(CChar.init(bitPattern:))
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: scratchBytes, alignment: 16)
    unsafe scratch.initializeMemory(as: UInt8.self, repeating: 0, count: scratchBytes)
    defer { unsafe scratch.deallocate() }
    return unsafe crypt(phrase, setting, scratch).map { unsafe String(cString: $0) }
  }
}

/// SplitMix64 (S. Vigna), which makes the same numbers from the same seed on every system.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  mutating func bytes(_ count: Int, in range: ClosedRange<UInt8>) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: range, using: &self) }
  }
}

@Suite(.enabled(if: Libxcrypt.isAvailable, "there is no libcrypt.so.1 that knows bcrypt"))
struct LibxcryptTests {
  /// A fixed seed, and one that is new in each run; a failure names it.
  private static let seeds: [UInt64] = [20_261_123, .random(in: 0...UInt64.max)]

  /// crypt_blowfish has different `$2a$` hashes for a few passwords with several 0xff, see
  /// ``BcryptVector/cryptBlowfishCountered``. Random bytes are one of them once in many million runs.
  @Test(arguments: seeds)
  func `random bytes of every length have the same hash as by the system's crypt`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for length in 0...80 {
      let password = random.bytes(length, in: 1...255)
      var ours = BcryptString(scheme: .plain(prefix: "2b"), cost: 4, salt: random.bytes(16, in: 0...255), digest: [])
      let visible = Array(password.prefix(BcryptJob.maximumKeyBytes))
      ours.digest = BcryptJob(key: visible, salt: ours.salt, cost: ours.cost).digest()
      for prefix in ["2a", "2b", "2y"] {
        ours.scheme = .plain(prefix: prefix)
        #expect(Libxcrypt.hash(password, setting: ours.text) == ours.text, "seed \(seed), length \(length)")
      }
    }
  }

  @Test(arguments: seeds)
  func `the system's crypt accepts our hashes of short passwords`(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    for length in [0, 1, 8, 55, 56, 71, 72] {
      let text = String(decoding: random.bytes(length, in: 1...127), as: UTF8.self)
      let hash = try await BcryptHasher.fast.hash(Password(text)).text
      #expect(Libxcrypt.hash(Array(text.utf8), setting: hash) == hash, "seed \(seed), length \(length)")
    }
  }

  @Test(arguments: seeds)
  func `hashes by the system's crypt are accepted`(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    for length in [0, 1, 8, 55, 56, 71, 72] {
      let text = String(decoding: random.bytes(length, in: 1...127), as: UTF8.self)
      let salt = String(decoding: Base64.bcrypt.encode(random.bytes(16, in: 0...255)), as: UTF8.self)
      let hash = try #require(Libxcrypt.hash(Array(text.utf8), setting: "$2y$04$\(salt)"))
      #expect(try await BcryptHasher.fast.verify(Password(text), against: PasswordHash(hash)), "seed \(seed), length \(length)")
    }
  }
}
