import AuthCore
import AuthTesting
import Synchronization
import Testing

/// A collection of one password, which keeps what it is asked about; or one that gives no answer.
private final class Collection: BreachedPasswords {
  struct NoAnswer: Error, CustomStringConvertible {
    var description: String { Collection.breached }
  }

  static let breached = "a password that became known"

  private let questions = Mutex<[[UInt8]]>([])
  private let isAnswering: Bool

  init(isAnswering: Bool = true) {
    self.isAnswering = isAnswering
  }

  func contains(_ password: Password) async throws -> Bool {
    let bytes = unsafe password.withUnsafeBytes { unsafe Array($0) }
    questions.withLock { $0.append(bytes) }
    guard isAnswering else { throw NoAnswer() }
    return bytes == Array(Self.breached.utf8)
  }

  var asked: [String] { questions.withLock { $0.map { String(decoding: $0, as: UTF8.self) } } }
}

/// OWASP ASVS 5.0: 6.2.12.
@Suite struct BreachedPasswordsTests {
  private static let unavailable = AuthError.unavailable("the collection of breached passwords did not respond")

  @Test(arguments: Preset.allCases, [true, false])
  func `an account is not opened with a breached password, nor without an answer`(
    _ preset: Preset, isAnswering: Bool
  ) async throws {
    let fixture = AuthFixture(preset)
    let hasher = CountingHasher()
    let auth = fixture.sharing(policy: preset.policy, hasher: hasher, breachedPasswords: Collection(isAnswering: isAnswering))
    await #expect(throws: isAnswering ? .invalidPassword(.breached) : Self.unavailable) {
      try await auth.register(email: AuthFixture.email, password: Collection.breached)
    }
    #expect(hasher.count == .init())
    await #expect(throws: StoreError.noResultFound) { try await fixture.bob }
    guard isAnswering else { return }
    #expect(try await auth.register(email: AuthFixture.email, password: AuthFixture.password).id == 1)
  }

  @Test(arguments: Preset.allCases, [true, false])
  func `no token sets a breached password, nor one without an answer, and it stays valid`(
    _ preset: Preset, isAnswering: Bool
  ) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let token = try await fixture.resetTokenForBob()
    let before = try await fixture.bob
    let auth = fixture.sharing(policy: preset.policy, breachedPasswords: Collection(isAnswering: isAnswering))
    await #expect(throws: isAnswering ? .invalidPassword(.breached) : Self.unavailable) {
      try await auth.updatePassword(resetToken: token, password: Collection.breached)
    }
    #expect(try await fixture.bob == before)
    #expect(try await fixture.auth.updatePassword(resetToken: token, password: AuthFixture.otherPassword).id == 1)
  }

  @Test(arguments: Preset.allCases, [true, false])
  func `no password is changed to a breached one, nor without an answer, and the session goes on`(
    _ preset: Preset, isAnswering: Bool
  ) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let sessionID = try await fixture.logInBob().sessionID
    let before = try await fixture.bob
    let auth = fixture.sharing(policy: preset.policy, breachedPasswords: Collection(isAnswering: isAnswering))
    await #expect(throws: isAnswering ? .invalidPassword(.breached) : Self.unavailable) {
      try await auth.changePassword(sessionID: sessionID, current: AuthFixture.password, new: Collection.breached, from: .unknown)
    }
    #expect(try await fixture.bob == before)
    #expect(try await fixture.isOpen(sessionID))
    guard isAnswering else { return }
    _ = try await auth.changePassword(
      sessionID: sessionID, current: AuthFixture.password, new: AuthFixture.otherPassword, from: .unknown)
  }

  @Test func `why there was no answer is not told, for it may be about the password`() async throws {
    let auth = AuthFixture(.strict).sharing(policy: .strict, breachedPasswords: Collection(isAnswering: false))
    let error = await #expect(throws: AuthError.self) {
      try await auth.register(email: AuthFixture.email, password: Collection.breached)
    }
    #expect(!"\(String(describing: error))".contains(Collection.breached))
  }

  @Test func `what is refused for another reason is not asked about`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let collection = Collection()
    let auth = fixture.sharing(policy: .strict, breachedPasswords: collection)
    let sessionID = try await fixture.logInBob().sessionID
    let new = AuthFixture.otherPassword
    await #expect(throws: AuthError.self) { try await auth.register(email: AuthFixture.email, password: new) }
    await #expect(throws: AuthError.self) { try await auth.register(email: "eve@me.com", password: "too short") }
    await #expect(throws: AuthError.self) { try await auth.register(email: "eve@me.com", password: "123456789012345") }
    await #expect(throws: AuthError.self) { try await auth.updatePassword(resetToken: ResetToken("made up"), password: new) }
    await #expect(throws: AuthError.self) {
      try await auth.changePassword(sessionID: sessionID, current: "wrong", new: new, from: .unknown)
    }
    #expect(collection.asked.isEmpty)
  }

  @Test func `a login asks nothing`() async throws {
    let fixture = AuthFixture(.classic)
    _ = try await fixture.auth.register(email: AuthFixture.email, password: Collection.breached)
    let collection = Collection()
    let auth = fixture.sharing(policy: .strict, breachedPasswords: collection)
    #expect(try await auth.logIn(email: AuthFixture.email, password: Collection.breached, from: .unknown).login != nil)
    #expect(collection.asked.isEmpty)
  }

  @Test func `it is asked about the form in which the password is stored`() async throws {
    let collection = Collection()
    let auth = AuthFixture(.strict).sharing(policy: .strict, breachedPasswords: collection)
    _ = try await auth.register(email: AuthFixture.email, password: "cafe\u{301} au lait et croissant")
    #expect(collection.asked.map { Array($0.utf8) } == [Array("caf\u{e9} au lait et croissant".utf8)])
  }
}
