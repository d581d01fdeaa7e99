/// bcrypt on threads of its own. In a release build each of them advances several hashes together: nearly four times as many in
/// a second as one after the other, and one alone takes no longer for it.
///
/// It makes `$2b$`. bcrypt itself sees no more than 72 bytes of a password and stops at a NUL, so a password that is longer or
/// contains one is stored as `$bcrypt-sha256$v=2,…`, the format of Python's passlib: HMAC-SHA256 keyed with the salt, then bcrypt.
/// It checks both, and from other systems `$2a$` and `$2y$`, passlib's first version of that format, and Django's `bcrypt_sha256$`.
/// A password that plain bcrypt would truncate never matches a plain hash.
public struct BcryptHasher: PasswordHasher {
  /// 2^12 rounds: what the specification's hashes have, and above the least (10) that OWASP's Password Storage Cheat Sheet asks for.
  public static let defaultCost = 12

  /// bcrypt's own least: for tests.
  public static let minimumCost = BcryptString.costs.lowerBound

  /// The greatest cost of stored hashes that are checked by default, about four seconds each, alone.
  public static let defaultMaximumCost = 16

  private let cost: Int
  private let maximumCost: Int
  private let engine: BcryptEngine
  private let random: any RandomSource

  /// Starts the threads; they end with the last copy of the hasher. Make one and share it.
  ///
  /// - Parameters:
  ///   - cost: of new hashes, the binary logarithm of the number of rounds: one more doubles the work. 4 to `maximumCost`.
  ///   - maximumCost: stored hashes that ask for more are refused without doing the work, so that a planted hash cannot
  ///     stop the service. At most 31.
  ///   - threads: how many threads compute; by default one for each of ``processors``. More than these make it slower: fewer
  ///     passwords meet on a thread. They run at a lower priority than the rest of the process.
  ///   - maximumWait: how long a call may have to wait until its computation begins, by estimate. A call that would wait longer
  ///     throws ``PasswordHasherError/overloaded(retryAfter:)`` at once.
  public init(
    cost: Int = defaultCost, maximumCost: Int = defaultMaximumCost, threads: Int = Self.processors,
    maximumWait: Duration = .seconds(5),
    random: some RandomSource = SystemRandom()
  ) {
    self.init(
      cost: cost, maximumCost: maximumCost, random: random,
      engine: BcryptEngine(threads: threads, maximumWait: maximumWait))
  }

  /// For tests, which need an engine that they know.
  init(cost: Int, maximumCost: Int = defaultMaximumCost, random: some RandomSource = SystemRandom(), engine: BcryptEngine) {
    precondition(BcryptString.costs.contains(maximumCost), "bcrypt's costs are 4 to 31")
    precondition((Self.minimumCost...maximumCost).contains(cost), "the cost must be 4 to \(maximumCost)")
    self.cost = cost
    self.maximumCost = maximumCost
    self.random = random
    self.engine = engine
  }

  /// The processors that this process may use: as many as are online and its affinity allows, and no more than the CPU quota of
  /// its control groups (version 2), rounded up.
  public static var processors: Int { Processors.available }

  public func hash(_ password: Password) async throws(PasswordHasherError) -> PasswordHash {
    var hash = BcryptString(
      scheme: password.isTruncatedByBcrypt ? .hmacSHA256 : .plain(prefix: "2b"),
      cost: cost, salt: random.bytes(BcryptString.saltBytes), digest: [])
    hash.digest = try await engine.digest(of: hash.job(for: password))
    return PasswordHash(hash.text)
  }

  public func verify(_ password: Password, against hash: PasswordHash?) async throws(PasswordHasherError) -> Bool {
    guard let hash = hash.flatMap(BcryptString.init(parsing:)), hash.cost <= maximumCost, hash.canHold(password) else {
      // The same work as for a password of ours that does not match; its result is of no interest.
      _ = try await self.hash(password)
      return false
    }
    // The effort of the present cost, too, for a hash of a lower one: it is refused no faster than an unknown address.
    let digest = try await engine.digest(of: hash.job(for: password, effort: cost))
    return Libcrypto.constantTimeEquals(digest, hash.digest)
  }

  public func needsRehash(_ hash: PasswordHash) -> Bool {
    guard let hash = BcryptString(parsing: hash) else { return true }
    // A stronger one is never replaced by a weaker one, whoever made it.
    return hash.cost < cost || hash.cost == cost && !hash.scheme.isCurrent
  }

  public func problem(with hash: PasswordHash) -> PasswordHashProblem? {
    guard let parsed = BcryptString(parsing: hash) else {
      let scheme = PasswordHashScheme(of: hash)
      return scheme == .bcrypt ? .malformed : .unsupported(scheme)
    }
    return parsed.cost <= maximumCost ? nil : .tooExpensive(cost: parsed.cost, maximum: maximumCost)
  }
}

extension Password {
  /// Whether bcrypt alone would leave a part of it out of account.
  fileprivate var isTruncatedByBcrypt: Bool {
    unsafe withUnsafeBytes { unsafe $0.count > BcryptJob.maximumKeyBytes || $0.contains(0) }
  }
}

extension BcryptString {
  /// Whether a password like this one can have been stored under this scheme. Taking a truncated password for a whole one
  /// would let in everybody who knows its first 72 bytes.
  fileprivate func canHold(_ password: Password) -> Bool {
    !scheme.isPlain || !password.isTruncatedByBcrypt
  }

  /// The work that gives this hash's digest, if `password` is the one that it was made from.
  fileprivate func job(for password: Password, effort: Int = 0) -> BcryptJob {
    unsafe password.withUnsafeBytes { bytes in
      guard var key = unsafe scheme.key(for: bytes, salt: salt) else {
        return unsafe BcryptJob(key: bytes, salt: salt, cost: cost, effort: effort)
      }
      defer { unsafe key.withUnsafeMutableBytes { unsafe Libcrypto.wipe($0) } }
      return unsafe key.withUnsafeBytes { unsafe BcryptJob(key: $0, salt: salt, cost: cost, effort: effort) }
    }
  }
}
