#if DEBUG
  public import AuthCore

  /// A hasher that protects nothing, so that tests need not wait for bcrypt. **Never for real passwords**: from what it makes,
  /// passwords are guessed by the billion a second.
  ///
  /// It exists in debug builds only; a release build that names it does not compile. No other hasher reads its hashes, and it
  /// reads none but its own: a database that was filled with it lets nobody in once the real hasher is back, and the other way
  /// round.
  ///
  /// It never refuses, never waits, and finds no hash in need of replacement.
  public struct FastHasher: PasswordHasher {
    /// What every hash begins with. bcrypt, Argon2 and all of crypt(3) begin with `$`.
    private static let prefix = "fast-for-tests-only"
    private static let saltBytes = 8

    /// A hasher; all of them read each other's hashes.
    public init() {}

    /// A salted hash that depends on every byte of `password` and does not contain it.
    public func hash(_ password: Password) async throws(PasswordHasherError) -> PasswordHash {
      makeHash(of: password, salt: SystemRandom().bytes(Self.saltBytes))
    }

    /// Whether this hasher made `hash` from `password`; false for no hash, and for one of any other origin.
    public func verify(_ password: Password, against hash: PasswordHash?) async throws(PasswordHasherError) -> Bool {
      guard let hash, let salt = salt(of: hash) else { return false }
      return makeHash(of: password, salt: salt) == hash
    }

    /// False.
    public func needsRehash(_ hash: PasswordHash) -> Bool { false }

    /// Nil for what this hasher made; all else is unsupported, real hashes too.
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

    /// FNV-1a with 64 bits (draft-eastlake-fnv-21). Each step is a bijection of the state, so that texts of one length that
    /// differ in one byte never collide.
    private func fnv1a(_ salt: [UInt8], then bytes: UnsafeRawBufferPointer) -> UInt64 {
      let mix = { (state: UInt64, byte: UInt8) in (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
      return unsafe bytes.reduce(salt.reduce(0xcbf2_9ce4_8422_2325, mix), mix)
    }
  }
#endif
