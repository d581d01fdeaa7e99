/// The account system: who may come in, and who is there.
///
///     let auth = Auth(policy: .strict, repository: InMemoryUserRepository())
///     _ = try await auth.register(email: "bob@me.com", password: "correct horse battery staple")
///     let logIn = try await auth.logIn(email: "bob@me.com", password: "correct horse battery staple")
///     let user = try await auth.getUserFromSessionID(logIn?.sessionID)
///
/// An `Auth` is a value without state of its own: the repository keeps what lasts, the hasher has the threads that compute.
/// Copies share both. Every operation may be called from anywhere, at the same time; none blocks the thread that calls it.
///
/// Operations that check something answer false or nil for "no". What they throw is an ``AuthError``, which always means that the
/// question is open; so `try?` never lets anybody in. All of them throw ``AuthError/unavailable(_:)`` when the store cannot
/// answer, and those that compute a hash ``AuthError/overloaded(retryAfter:)`` and ``AuthError/cancelled``; only further errors
/// are named below.
///
/// - Accounts: ``register(email:password:)``, ``validLogin(email:password:)``
/// - Sessions (`Auth+Sessions.swift`): ``logIn(email:password:)``, ``createSession(email:)``, ``getUserFromSessionID(_:)``,
///   ``logOut(_:)``, ``destroySession(userID:)``
/// - Forgotten passwords (`Auth+PasswordReset.swift`): ``getResetPasswordToken(email:)``,
///   ``updatePassword(resetToken:password:email:)``
public struct Auth: Sendable {
  /// The rules in force.
  public let policy: AuthPolicy

  let repository: any UserRepository
  let hasher: any PasswordHasher
  let clock: any WallClock
  let random: any RandomSource

  /// - Parameters:
  ///   - policy: the rules; there is no default.
  ///   - repository: where accounts are kept: ``InMemoryUserRepository``, `SQLiteUserRepository` of AuthDB, or your own.
  ///   - hasher: by default bcrypt of ``BcryptHasher/defaultCost`` on one thread for each processor. Share one among several `Auth`.
  public init(
    policy: AuthPolicy, repository: some UserRepository, hasher: some PasswordHasher = BcryptHasher(),
    clock: some WallClock = SystemClock(), random: some RandomSource = SystemRandom()
  ) {
    precondition(policy.sessionsPerUser > 0, "a user must be allowed a session")
    self.policy = policy
    self.repository = repository
    self.hasher = hasher
    self.clock = clock
    self.random = random
  }
}

// MARK: - Accounts

extension Auth {
  /// Opens an account. Of several calls with one address, in whatever ASCII letter case, exactly one succeeds.
  ///
  /// - Throws: ``AuthError/userExists(email:)``, ``AuthError/invalidEmail(_:)``, ``AuthError/invalidPassword(_:)``.
  public func register(email: String, password: String) async throws(AuthError) -> User {
    let email = try policy.newEmail(email)
    let password = try policy.newPassword(password, for: email)
    // Only to spare the hash: another registration may still come first, and the repository decides.
    guard try await user(with: email) == nil else { throw .userExists(email: email.text) }
    let hash = try await hashed(password)
    do {
      return try await repository.addUser(email: email, hashedPassword: hash)
    } catch .emailTaken {
      throw .userExists(email: email.text)
    } catch {
      throw AuthError(error)
    }
  }

  /// Whether this is the address of an account, and this its password. False in every other case, and as slowly for an unknown
  /// address as for a wrong password; only an account whose hash has a higher cost than the hasher's takes longer.
  public func validLogin(email: String, password: String) async throws(AuthError) -> Bool {
    guard let checked = try await check(email: email, password: password) else { return false }
    await rehash(checked)
    return true
  }
}

// MARK: - Shared steps

extension Auth {
  /// A user together with the password that was found to be theirs.
  struct CheckedUser {
    let user: User
    /// The password in the form in which it would be stored today.
    let password: Password
    /// Whether the stored hash was made from exactly that form.
    let isCurrentForm: Bool
  }

  /// The user with this address, if the password is theirs. A malformed address or password goes on as one that no account has,
  /// so that it costs what a wrong one costs.
  func check(email: String, password: String) async throws(AuthError) -> CheckedUser? {
    let user: User? = if let email = try? Email(email) { try await self.user(with: email) } else { nil }
    let candidates = policy.candidatePasswords(password)
    guard let current = candidates.first else {
      _ = try await verify(.placeholder, against: nil)
      return nil
    }
    for (index, candidate) in candidates.enumerated() {
      if try await verify(candidate, against: user?.hashedPassword), let user {
        return CheckedUser(user: user, password: current, isCurrentForm: index == 0)
      }
    }
    return nil
  }

  /// Replaces a hash made by weaker settings, now that its password is known. A failure changes nothing for the caller: whoever
  /// knows the password is let in, and the next check tries again.
  func rehash(_ checked: CheckedUser) async {
    let old = checked.user.hashedPassword
    guard !checked.isCurrentForm || hasher.needsRehash(old) else { return }
    guard let new = try? await hasher.hash(checked.password) else { return }
    _ = try? await repository.replaceHashedPassword(of: checked.user.id, old, with: new)
  }

  func user(with email: Email) async throws(AuthError) -> User? {
    do {
      return try await repository.findUser(by: .email(email))
    } catch .noResultFound {
      return nil
    } catch {
      throw AuthError(error)
    }
  }

  func hashed(_ password: Password) async throws(AuthError) -> PasswordHash {
    do { return try await hasher.hash(password) } catch { throw AuthError(error) }
  }

  private func verify(_ password: Password, against hash: PasswordHash?) async throws(AuthError) -> Bool {
    do { return try await hasher.verify(password, against: hash) } catch { throw AuthError(error) }
  }
}
