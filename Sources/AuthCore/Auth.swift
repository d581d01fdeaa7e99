/// The account system: who may come in, and who is there.
///
///     let auth = Auth(policy: .strict, store: InMemoryStore())
///     _ = try await auth.register(email: "bob@me.com", password: "correct horse battery staple")
///     let login = try await auth.logIn(email: "bob@me.com", password: "correct horse battery staple")
///     let user = try await auth.getUserFromSessionID(login?.sessionID)
///
/// An `Auth` is a value without state of its own: the store keeps what lasts, the hasher has the threads that compute.
/// Copies share both. Every operation may be called from anywhere, at the same time; none blocks the thread that calls it.
///
/// Operations that check something answer false or nil for "no". What they throw is an ``AuthError``, which always means that the
/// question is open; so `try?` never lets anybody in. All of them throw ``AuthError/unavailable(_:)`` when the store cannot
/// answer, and those that compute a hash ``AuthError/overloaded(retryAfter:)`` and ``AuthError/cancelled``; only further errors
/// are named below.
///
/// - Accounts: ``register(email:password:)``, ``validLogin(email:password:)``; with a session (`Auth+Account.swift`)
///   ``changePassword(sessionID:current:new:)``, ``deleteUser(sessionID:password:)``, ``confirm(sessionID:password:)``
/// - Accounts of other systems (`Auth+Import.swift`): ``importUser(email:hash:)``
/// - Sessions (`Auth+Sessions.swift`): ``logIn(email:password:replacing:)``, ``createSession(email:)``,
///   ``getUserFromSessionID(_:)``, ``profile(for:)``, ``logOut(_:)``, ``destroySession(userID:)``, ``sessions(of:)``,
///   ``endSession(_:of:)``, ``endSessions(of:except:)``
/// - Forgotten passwords (`Auth+PasswordReset.swift`): ``getResetPasswordToken(email:)``,
///   ``updatePassword(resetToken:password:email:)``; out of band (`Auth+ResetDelivery.swift`) ``requestPasswordReset(email:)``,
///   ``deliverNextReset(through:)``
/// - Who asks: ``serving(_:)``
/// - Upkeep (`Auth+Purge.swift`): ``purge(limit:)``
public struct Auth: Sendable {
  /// The rules in force.
  public let policy: AuthPolicy

  let store: any AuthStore
  let hasher: any PasswordHasher
  let clock: any WallClock
  let random: any RandomSource
  let events: any AuthEventSink
  let breachedPasswords: (any BreachedPasswords)?
  var client = Client.unknown

  /// - Parameters:
  ///   - policy: the rules; there is no default.
  ///   - store: where accounts are kept: ``InMemoryStore``, `SQLiteStore` of AuthDB, or your own.
  ///   - hasher: by default bcrypt of ``BcryptHasher/defaultCost`` on one thread for each processor. Share one among several `Auth`.
  ///   - events: is told what happens.
  ///   - breachedPasswords: a further check of passwords that are to be set; none by default.
  public init(
    policy: AuthPolicy, store: some AuthStore, hasher: some PasswordHasher = BcryptHasher(),
    events: some AuthEventSink = NoOpEventSink(), breachedPasswords: (any BreachedPasswords)? = nil,
    clock: some WallClock = SystemClock(), random: some RandomSource = SystemRandom()
  ) {
    precondition(policy.sessions.maximumPerUser > 0, "a user must be allowed a session")
    self.policy = policy
    self.store = store
    self.hasher = hasher
    self.clock = clock
    self.random = random
    self.events = events
    self.breachedPasswords = breachedPasswords
  }

  /// The same for this client: its failed logins are counted together, and sessions and events say who it was.
  public func serving(_ client: Client) -> Auth {
    var auth = self
    auth.client = client
    return auth
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
    // Only to spare the hash: another registration may still come first, and the store decides.
    guard try await user(with: email) == nil else { throw .userExists(email: email.text) }
    let hash = try await hashed(new: password)
    let user = try await addUser(email: email, hashedPassword: hash)
    record(.userCreated, user.id)
    return user
  }

  /// Whether this is the address of an account, and this its password. False in every other case, and as slowly for an unknown
  /// address as for a wrong password; only an account whose hash has a higher cost than the hasher's takes longer.
  ///
  /// - Throws: ``AuthError/throttled(retryAfter:)`` during the pauses that failures lead to, whatever the password.
  public func validLogin(email: String, password: String) async throws(AuthError) -> Bool {
    guard let checked = try await check(email: email, password: password) else { return false }
    await rehash(checked)
    return true
  }
}

// MARK: - Shared steps

extension Auth {
  func user(with email: Email) async throws(AuthError) -> User? {
    do {
      return try await store.findUser(by: .email(email))
    } catch .noResultFound {
      return nil
    } catch {
      throw AuthError(error)
    }
  }

  func addUser(email: Email, hashedPassword hash: PasswordHash) async throws(AuthError) -> User {
    do {
      return try await store.addUser(email: email, hashedPassword: hash)
    } catch .emailTaken {
      throw .userExists(email: email.text)
    } catch {
      throw AuthError(error)
    }
  }

  /// The hash of a password that is to be set.
  func hashed(new password: Password) async throws(AuthError) -> PasswordHash {
    if let breachedPasswords {
      let isBreached: Bool
      do { isBreached = try await breachedPasswords.contains(password) } catch {
        // Its words may be about the password.
        throw .unavailable("the collection of breached passwords gave no answer")
      }
      guard !isBreached else { throw .invalidPassword(.breached) }
    }
    do { return try await hasher.hash(password) } catch { throw AuthError(error) }
  }

  func record(_ kind: AuthEvent.Kind, _ userID: User.ID?, session: TokenDigest? = nil) {
    events.record(AuthEvent(kind, at: clock.now, userID: userID, sessionID: session, client: client))
  }
}
