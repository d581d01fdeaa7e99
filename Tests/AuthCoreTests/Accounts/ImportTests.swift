import AuthCore
import AuthTesting
import Synchronization
import Testing

/// Accounts of other systems: they come with their hashes, log in with their passwords, and their passwords are hashed again
/// then.
@Suite struct ImportTests {
  /// Hashes of cost 4 to 6, each with a password that both policies let log in.
  private static let vectors = (BcryptVector.passlibSHA256Version1 + BcryptVector.django).filter { !$0.hash.contains("$08$") }
  private static let email = AuthFixture.email
  private static let bob = BcryptVector("Kk4DQuMMfZL9o", "$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm")

  /// At the cost of the dearest vector.
  private static let hasher = BcryptHasher(cost: 6, threads: 1, maximumWait: .seconds(1_000_000))

  @Test(arguments: Preset.allCases)
  func `importing gives the user, with the email in its letter case and the hash as it came`(_ preset: Preset) async throws {
    let fixture = AuthFixture(preset)
    let user = try await fixture.auth.importUser(email: Self.email, hash: Self.bob.hash)
    #expect(user == User(id: 1, email: try Email(Self.email), hashedPassword: PasswordHash(Self.bob.hash)))
    #expect(try await fixture.bob == user)
  }

  @Test(arguments: vectors, Preset.allCases)
  func `a login after an import replaces the hash, and the password stays`(
    _ vector: BcryptVector, _ preset: Preset
  ) async throws {
    let password = try #require(vector.text)
    let fixture = AuthFixture(preset)
    let auth = fixture.sharing(policy: preset.policy, hasher: Self.hasher)
    _ = try await auth.importUser(email: Self.email, hash: vector.hash)

    #expect(try await auth.logIn(email: Self.email, password: password + "x", from: .unknown).login == nil)
    #expect(try await fixture.bob.hashedPassword.text == vector.hash)

    let login = try await auth.logIn(email: Self.email, password: password, from: .unknown).login
    #expect(try await auth.getUserFromSessionID(login?.sessionID)?.id == 1)
    let isTruncated = password.utf8.count > 72 || password.contains("\0")
    #expect(try await fixture.bob.hashedPassword.text.hasPrefix(isTruncated ? "$bcrypt-sha256$v=2,t=2b,r=6$" : "$2b$06$"))

    #expect(try await auth.validLogin(email: Self.email, password: password))
    #expect(try await !auth.validLogin(email: Self.email, password: password + "x"))
  }

  @Test(arguments: ["$2a$", "$2b$", "$2y$"])
  func `a plain hash of every prefix is taken over, and is 2b after a login`(_ prefix: String) async throws {
    let fixture = AuthFixture(.classic)
    let hash = prefix + Self.bob.hash.dropFirst(4)
    _ = try await fixture.auth.importUser(email: Self.email, hash: hash)
    #expect(try await !fixture.auth.validLogin(email: Self.email, password: "Kk4DQuMMfZL9p"))
    for _ in 1...2 { #expect(try await fixture.auth.validLogin(email: Self.email, password: #require(Self.bob.text))) }
    let stored = try await fixture.bob.hashedPassword.text
    #expect(stored.hasPrefix("$2b$04$"))
    #expect((stored == hash) == (prefix == "$2b$"))
  }

  @Test(
    arguments: ["{bcrypt}", "{BLF-CRYPT}", "{blf-crypt}", "{CRYPT}", "{crypt}", "bcrypt$", "#jbcrypt:", "1|"], ["$2a$", "$2y$"])
  func `what another system writes before a hash is taken off`(_ wrapper: String, _ prefix: String) async throws {
    let fixture = AuthFixture(.classic)
    let hash = prefix + Self.bob.hash.dropFirst(4)
    let user = try await fixture.auth.importUser(email: Self.email, hash: wrapper + hash)
    #expect(user.hashedPassword.text == hash)
    #expect(try await !fixture.auth.validLogin(email: Self.email, password: "Kk4DQuMMfZL9p"))
    #expect(try await fixture.auth.validLogin(email: Self.email, password: #require(Self.bob.text)))
  }

  @Test(arguments: vectors.filter { $0.hash.contains(",5$") || $0.hash.contains("$06$") })
  func `a hash of a higher cost stays as it came, whatever its form`(_ vector: BcryptVector) async throws {
    let fixture = AuthFixture(.classic)
    _ = try await fixture.auth.importUser(email: Self.email, hash: vector.hash)
    #expect(try await fixture.auth.validLogin(email: Self.email, password: #require(vector.text)))
    #expect(try await fixture.bob.hashedPassword.text == vector.hash)
  }

  @Test(arguments: Preset.allCases)
  func `a password that the policy would refuse logs in`(_ preset: Preset) async throws {
    let auth = AuthFixture(preset).auth
    let hash = "bcrypt_sha256$$2b$04$fi.hJQDtb/6JdmjVQvlV/OXKcDULKpEll09dijtZCP4nDAY5ThwRa"
    _ = try await auth.importUser(email: Self.email, hash: hash)
    #expect(try await auth.logIn(email: Self.email, password: "\0", from: .unknown).login != nil)
  }

  /// bcrypt's own answer to more than 72 bytes is that of the first 72.
  @Test func `a password that plain bcrypt truncated does not log in`() async throws {
    let auth = AuthFixture(.classic).auth
    let seventyTwo = String(repeating: "x", count: 72)
    let hash = try await BcryptHasher.fast.hash(Password(seventyTwo))
    _ = try await auth.importUser(email: Self.email, hash: hash.text)
    for more in ["x", "\0"] { #expect(try await !auth.validLogin(email: Self.email, password: seventyTwo + more)) }
    #expect(try await auth.validLogin(email: Self.email, password: seventyTwo))
  }

  @Test(arguments: Preset.allCases, ["Bob@me.com", "bob@me.com", "BOB@ME.COM"])
  func `an email that is registered is not imported, in whatever ASCII letter case`(
    _ preset: Preset, _ email: String
  ) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let before = try await fixture.bob
    await #expect(throws: AuthError.userExists(email: email)) {
      try await fixture.auth.importUser(email: email, hash: Self.bob.hash)
    }
    #expect(try await fixture.bob == before)
  }

  @Test(arguments: [
    ("", EmailProblem.empty), (String(repeating: "x", count: 251), .tooLong(bytes: 251)), ("a\nb", .controlCharacter),
  ])
  func `a text that is not an email is not imported`(_ email: String, _ problem: EmailProblem) async throws {
    let fixture = AuthFixture(.classic)
    await #expect(throws: AuthError.invalidEmail(problem)) {
      try await fixture.auth.importUser(email: email, hash: Self.bob.hash)
    }
    await #expect(throws: StoreError.noResultFound) { try await fixture.bob }
  }

  @Test func `strict asks more of an email than classic, here too`() async throws {
    await #expect(throws: AuthError.self) {
      try await AuthFixture(.strict).auth.importUser(email: "bob", hash: Self.bob.hash)
    }
    #expect(try await AuthFixture(.classic).auth.importUser(email: "bob", hash: Self.bob.hash).id == 1)
  }

  @Test func `an import is an event of its own, and a refused one is none`() async throws {
    let events = KeptEvents()
    let auth = Auth(
      policy: .classic, store: InMemoryStore(), hasher: BcryptHasher.fast, events: events, clock: ManualClock())
    _ = try await auth.importUser(email: Self.email, hash: Self.bob.hash)
    for hash in [Self.bob.hash, "x"] { _ = try? await auth.importUser(email: Self.email, hash: hash) }
    #expect(events.all.map(\.kind) == [.userImported])
    #expect(events.all.first?.userID == 1)
  }

  @Test func `an import hashes nothing and checks nothing`() async throws {
    let hasher = CountingHasher()
    let auth = AuthFixture(.classic).sharing(policy: .classic, hasher: hasher)
    _ = try await auth.importUser(email: Self.email, hash: Self.bob.hash)
    await #expect(throws: AuthError.unacceptableHash(.malformed)) { try await auth.importUser(email: "x", hash: "$2b$") }
    #expect(hasher.count == .init())
  }

  @Test func `a store that fails is no refusal of the hash`() async throws {
    let auth = Auth(
      policy: .classic, store: InterceptingStore(failing: .addUser), hasher: BcryptHasher.fast, clock: ManualClock())
    await #expect(throws: AuthError.unavailable("disk on fire")) {
      try await auth.importUser(email: Self.email, hash: Self.bob.hash)
    }
  }
}

private final class KeptEvents: AuthEventSink {
  private let kept = Mutex<[AuthEvent]>([])

  var all: [AuthEvent] { kept.withLock { $0 } }

  func record(_ event: AuthEvent) { kept.withLock { $0.append(event) } }
}
