/// Hashes passwords with bcrypt, on threads of its own.
///
/// In a release build each thread advances several hashes together. That gives nearly four times as many hashes a second as
/// computing one after the other, and does not slow down a single hash.
///
/// New hashes have the form `$2b$`. bcrypt uses at most 72 bytes of a password and stops at a NUL, so a password that is longer
/// or contains a NUL is stored as `$bcrypt-sha256$v=2,…`, the format of Python's passlib: HMAC-SHA256 keyed with the salt, then
/// bcrypt. Both forms are checked, and from other systems `$2a$`, `$2y$`, the first version of passlib's format, and Django's
/// `bcrypt_sha256$`. A password that plain bcrypt would truncate never matches a plain hash.
public struct BcryptHasher: PasswordHasher {
  /// The cost of new hashes by default: 12, that is 2^12 rounds.
  ///
  /// The hashes of the specification have this cost. OWASP's Password Storage Cheat Sheet asks for at least 10.
  public static let defaultCost = 12

  /// The lowest cost that bcrypt allows, for tests: 4.
  public static let minimumCost = BcryptString.costs.lowerBound

  /// The highest cost of a stored hash that is checked by default: 16, about four seconds for each hash.
  public static let defaultMaximumCost = 16

  private let cost: Int
  private let maximumCost: Int
  private let engine: BcryptEngine
  private let random: any RandomSource

  /// Starts the threads, which end with the last copy of the hasher. Make one hasher and share it.
  ///
  /// - Parameters:
  ///   - cost: the cost of new hashes, 4 to `maximumCost`. It is the binary logarithm of the number of rounds: one more doubles
  ///     the work.
  ///   - maximumCost: the highest cost of stored hashes that are checked, at most 31. A hash with a higher cost is refused
  ///     without doing the work, so that a planted hash cannot stop the service.
  ///   - threads: how many threads compute; by default one for each of ``processors``. More threads than processors are slower,
  ///     because fewer passwords share a thread. They run at a lower priority than the rest of the process.
  ///   - maximumWait: how long a call may wait for its computation to begin. A call whose estimated wait is longer throws
  ///     ``PasswordHasherError/overloaded(retryAfter:)`` at once.
  ///   - random: the source of salts.
  public init(
    cost: Int = defaultCost, maximumCost: Int = defaultMaximumCost, threads: Int = Self.processors,
    maximumWait: Duration = .seconds(5),
    random: some RandomSource = SystemRandom()
  ) {
    self.init(
      cost: cost, maximumCost: maximumCost, random: random,
      engine: BcryptEngine(threads: threads, maximumWait: maximumWait))
  }

  /// Uses an engine that the caller has made, as tests do.
  init(cost: Int, maximumCost: Int = defaultMaximumCost, random: some RandomSource = SystemRandom(), engine: BcryptEngine) {
    precondition(BcryptString.costs.contains(maximumCost), "the maximum cost is \(maximumCost); it must be 4 to 31")
    precondition((Self.minimumCost...maximumCost).contains(cost), "the cost is \(cost); it must be 4 to \(maximumCost)")
    self.cost = cost
    self.maximumCost = maximumCost
    self.random = random
    self.engine = engine
  }

  /// The number of processors that this process may use.
  ///
  /// Counts the processors that are online and in the process's affinity mask, up to the CPU quota of its control groups (version
  /// 2), rounded up.
  public static var processors: Int { Processors.available }

  /// Whether a password would be refused now, because too many wait.
  package var isOverloaded: Bool { engine.isOverloaded }

  /// Makes a new, salted hash of `password`.
  public func hash(_ password: Password) async throws(PasswordHasherError) -> PasswordHash {
    var hash = BcryptString(
      scheme: password.isTruncatedByBcrypt ? .hmacSHA256 : .plain(prefix: "2b"),
      cost: cost, salt: random.bytes(BcryptString.saltBytes), digest: [])
    hash.digest = try await engine.digest(of: hash.job(for: password))
    return PasswordHash(hash.text)
  }

  /// Whether `hash` was made from `password`.
  ///
  /// If `hash` is nil or is not one that this hasher checks, the result is false, after the same work as for making a new hash.
  public func verify(_ password: Password, against hash: PasswordHash?) async throws(PasswordHasherError) -> Bool {
    guard let hash = hash.flatMap(BcryptString.init(parsing:)), hash.cost <= maximumCost, hash.canHold(password) else {
      // The work that a wrong password costs, so that the time does not tell the cases apart.
      _ = try await self.hash(password)
      return false
    }
    // A hash of a lower cost also takes the work of the present cost: otherwise it would be refused faster than an unknown email.
    let digest = try await engine.digest(of: hash.job(for: password, effort: cost))
    return Libcrypto.constantTimeEquals(digest, hash.digest)
  }

  /// Whether `hash` has a lower cost than new hashes, or has their cost and an outdated scheme, or cannot be read.
  public func needsRehash(_ hash: PasswordHash) -> Bool {
    guard let hash = BcryptString(parsing: hash) else { return true }
    // A hash of a higher cost is kept, even if its scheme is outdated: the cost of a stored hash is never lowered.
    return hash.cost < cost || hash.cost == cost && !hash.scheme.isCurrent
  }

  /// Whether `hash` has a higher cost than new hashes.
  public func isStronger(_ hash: PasswordHash) -> Bool {
    BcryptString(parsing: hash).map { $0.cost > cost } ?? false
  }

  /// Why this hasher checks no password against `hash`: an unsupported scheme, a malformed text, or too great a cost. Nil if it
  /// does.
  public func problem(with hash: PasswordHash) -> PasswordHashProblem? {
    guard let parsed = BcryptString(parsing: hash) else {
      let scheme = PasswordHashScheme(of: hash)
      return scheme == .bcrypt ? .malformed : .unsupported(scheme)
    }
    return parsed.cost <= maximumCost ? nil : .tooExpensive(cost: parsed.cost, maximum: maximumCost)
  }
}

extension Password {
  /// Whether plain bcrypt would ignore a part of the password.
  fileprivate var isTruncatedByBcrypt: Bool {
    unsafe withUnsafeBytes { unsafe $0.count > BcryptJob.maximumKeyBytes || $0.contains(0) }
  }
}

extension BcryptString {
  /// Whether a hash of this scheme can be that of this password. If plain bcrypt truncated the password, anyone who knew its
  /// first 72 bytes could log in.
  fileprivate func canHold(_ password: Password) -> Bool {
    !scheme.isPlain || !password.isTruncatedByBcrypt
  }

  /// The job whose digest is this hash's digest if the hash was made from `password`.
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
