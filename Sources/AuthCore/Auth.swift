/// The account system: who may come in, and who is there.
///
///     let auth = Auth(policy: .classic, repository: InMemoryUserRepository())
///     _ = try await auth.register(email: "bob@me.com", password: "mySuperPwd")
///     let logIn = try await auth.logIn(email: "bob@me.com", password: "mySuperPwd")
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
/// The operations on sessions and on reset tokens are in `Auth+Sessions.swift` and `Auth+PasswordReset.swift`.
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
  ///   - hasher: by default bcrypt with cost 12 on one thread for each processor. Share one among several `Auth`.
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
  /// address as for a wrong password.
  public func validLogin(email: String, password: String) async throws(AuthError) -> Bool {
    guard let checked = try await check(email: email, password: password) else { return false }
    await strengthenHash(of: checked)
    return true
  }

  /// Checks address and password and opens a session, on one read; nil when ``validLogin(email:password:)`` would be false.
  public func logIn(email: String, password: String) async throws(AuthError) -> LogIn? {
    // A session is added only while the hash that was checked is still the user's. When it is not, the password or its hash was
    // replaced meanwhile, and the question is asked anew.
    for _ in 1...3 {
      guard let checked = try await check(email: email, password: password) else { return nil }
      guard let logIn = try await openSession(for: checked.user, ifPassword: checked.user.hashedPassword) else { continue }
      await strengthenHash(of: checked)
      return logIn
    }
    throw .unavailable("the password was replaced at every try")
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
  private func check(email: String, password: String) async throws(AuthError) -> CheckedUser? {
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

  /// Replaces a hash made by weaker settings, now that its password is known. Nobody waits for its success: whoever knows the
  /// password is logged in, and the next log in tries again.
  private func strengthenHash(of checked: CheckedUser) async {
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
