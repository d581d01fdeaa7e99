public import AuthCore
internal import Glibc

/// A hasher that protects nothing, so that tests need not wait for bcrypt. **Never use it for real passwords**: an attacker
/// guesses them from its hashes by the billion per second.
///
/// It works in tests of every build configuration, and nowhere else: in a process that does not run tests, ``init()`` ends the
/// process with a message, before any password is hashed. So a service that uses it by mistake does not start; a check at compile
/// time would exclude optimised tests. A test process is one that Swift Testing or XCTest runs: `swift test`, a `.xctest` bundle,
/// Xcode. For any other, such as a benchmark of your own, set the environment variable `SWIFT_AUTH_ALLOW_FAST_HASHER` to `1`.
///
/// No other hasher reads its hashes, and it reads no others: in a database that was filled with it no one can log in once the
/// real hasher is back, and vice versa. It never refuses, never waits, and never asks for a hash to be replaced.
public struct FastHasher: PasswordHasher {
  /// What every hash begins with. bcrypt, Argon2 and all of crypt(3) begin with `$`.
  private static let prefix = "fast-for-tests-only"
  private static let saltBytes = 8

  private static let isAllowed = isTestProcess(
    arguments: CommandLine.arguments, isAllowedByVariable: variable(named: "SWIFT_AUTH_ALLOW_FAST_HASHER") == "1")

  /// A hasher. All of them read each other's hashes.
  ///
  /// - Precondition: the process runs tests.
  public init() {
    Self.require(Self.isAllowed)
  }

  /// A salted hash that depends on every byte of `password` and does not contain it.
  public func hash(_ password: Password) async throws(PasswordHasherError) -> PasswordHash {
    makeHash(of: password, salt: SystemRandom().bytes(Self.saltBytes))
  }

  /// Whether this hasher made `hash` from `password`; false for nil, and for a hash that another hasher made.
  public func verify(_ password: Password, against hash: PasswordHash?) async throws(PasswordHasherError) -> Bool {
    guard let hash, let salt = salt(of: hash) else { return false }
    return makeHash(of: password, salt: salt) == hash
  }

  /// False for every hash.
  public func needsRehash(_ hash: PasswordHash) -> Bool { false }

  /// Always false.
  public func isStronger(_ hash: PasswordHash) -> Bool { false }

  /// Nil for a hash of this hasher. All others are unsupported, real hashes too.
  public func problem(with hash: PasswordHash) -> PasswordHashProblem? {
    salt(of: hash) == nil ? .unsupported(PasswordHashScheme(of: hash)) : nil
  }

  private func makeHash(of password: Password, salt: [UInt8]) -> PasswordHash {
    // SAFETY: the buffer is read while it is lent, and not kept.
    let digest = unsafe password.withUnsafeBytes { bytes in unsafe fnv1a(salt, then: bytes) }
    return PasswordHash("\(Self.prefix)$\(salt.map(String.init).joined(separator: "."))$\(digest)")
  }

  private func salt(of hash: PasswordHash) -> [UInt8]? {
    let fields = hash.text.split(separator: "$", omittingEmptySubsequences: false)
    guard fields.count == 3, fields[0] == Self.prefix else { return nil }
    let salt = fields[1].split(separator: ".").compactMap { UInt8($0) }
    return salt.count == Self.saltBytes ? salt : nil
  }

  /// FNV-1a with 64 bits (draft-eastlake-fnv-21). Each step is a bijection of the state, so texts of equal length that differ in
  /// one byte never collide.
  private func fnv1a(_ salt: [UInt8], then bytes: UnsafeRawBufferPointer) -> UInt64 {
    let mix = { (state: UInt64, byte: UInt8) in (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return unsafe bytes.reduce(salt.reduce(0xcbf2_9ce4_8422_2325, mix), mix)
  }
}

extension FastHasher {
  /// Whether a process with these arguments runs tests.
  package static func isTestProcess(arguments: [String], isAllowedByVariable: Bool) -> Bool {
    let program = arguments.first?.split(separator: "/").last ?? ""
    // SwiftPM runs a bundle, on Linux directly and on macOS by a helper; Xcode runs `xctest`.
    return isAllowedByVariable || program.hasSuffix(".xctest") || program == "xctest" || program == "swiftpm-testing-helper"
  }

  /// Ends the process if it may not use the hasher. `fatalError`, because `precondition` prints no message in optimised builds.
  package static func require(_ isAllowed: Bool) {
    guard isAllowed else {
      fatalError(
        """
        FastHasher protects no passwords and works in tests only; use BcryptHasher. \
        If this process runs tests, set SWIFT_AUTH_ALLOW_FAST_HASHER=1
        """)
    }
  }

  private static func variable(named name: String) -> String? {
    // SAFETY: the text is copied at once, and no code of ours changes the environment.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}
