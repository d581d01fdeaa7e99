import AuthCore
import AuthTesting
import Testing

@testable import AuthDB

/// Sessions are stored under a number that is computed from their digest.
@Suite struct SessionKeyTests {
  private let database: TemporaryDatabase
  private let now = Timestamp(secondsSince1970: 1_700_000_000)

  init() throws { database = try TemporaryDatabase() }

  /// The test vectors of https://datatracker.ietf.org/doc/draft-eastlake-fnv.
  private static let keys: [(text: String, key: UInt64)] = [
    ("", 0xcbf2_9ce4_8422_2325),
    ("a", 0xaf63_dc4c_8601_ec8c),
    ("foobar", 0x8594_4171_f739_67e8),
  ]

  @Test(arguments: keys) func `a key is the FNV-1a of the text`(_ text: String, _ key: UInt64) {
    #expect(TokenDigest(hex: text).sessionKey == Int64(bitPattern: key))
  }

  @Test func `a digest whose key is another's finds nothing, ends nothing and is refused`() async throws {
    let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    let user = try await store.addUser(email: Email("bob@me.com"), hashedPassword: PasswordHash("x"))
    let first = TokenDigest(hex: "7mohtcOFVz")
    let second = TokenDigest(hex: "c1E51sSEyx")
    #expect(first.sessionKey == second.sessionKey)
    let live = Session.Cutoff(expiringAfter: now, usedAfter: .distantPast)
    func add(_ id: TokenDigest) async throws -> Bool {
      let session = Session(id: id, userID: user.id, createdAt: now, lastUsedAt: now, expiresAt: now + .seconds(60))
      return try await store.addSession(session, limit: 9, live: live, ifPassword: nil, replacing: nil)
    }

    #expect(try await add(first))
    #expect(try await store.findSession(second, in: live) == nil)
    #expect(try await store.findUser(withSession: second, in: live) == nil)
    #expect(try await store.findProfile(for: second, in: live) == nil)
    try await store.touchSession(second, at: now + .seconds(1))
    #expect(try await store.endSession(second, in: live) == nil)
    await #expect(throws: StoreError.unavailable("constraint failed")) { _ = try await add(second) }
    let found = try #require(try await store.findSession(first, in: live))
    #expect(found.session.lastUsedAt == now)
    #expect(found.user.sessionID == first)
  }
}
