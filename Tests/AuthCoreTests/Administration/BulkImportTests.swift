import AuthTesting
import Testing

@testable import AuthCore

@Suite struct BulkImportTests {
  private static let hash = "bcrypt_sha256$$2b$04$iodbrhDPNes7J2JWxRwvjOExD5va8ZMQ6g5O1p76fbJDvNHXlMRxm"
  private static let password = "correct horse battery staple"
  private let fixture = AuthFixture(.strict)

  private func check(_ email: String, _ hash: String = hash, isDisabled: Bool = false) throws -> Account.Import {
    try fixture.auth.checkImport(email: email, hash: hash, isDisabled: isDisabled)
  }

  @Test func `imported accounts keep their passwords and their state`() async throws {
    let accounts = [
      try check("bob@me.com"), try check("eve@me.com", isDisabled: true), try check("amy@me.com", "!kept by Django"),
    ]
    #expect(try await fixture.auth.importUsers(accounts, from: .unknown) == [.added, .added, .added])
    #expect(try await fixture.auth.guess(Self.password, for: "bob@me.com") == .yes)
    #expect(try await fixture.auth.guess(Self.password, for: "eve@me.com") == .no)
    #expect(try await fixture.auth.account(email: "amy@me.com")?.hasPassword == false)
    try await fixture.auth.enableUser(2)
    #expect(try await fixture.auth.guess(Self.password, for: "eve@me.com") == .yes)
  }

  @Test func `an account is checked as one that is imported alone`() async throws {
    for (email, hash) in [("bob", Self.hash), ("bob@me.com", "hunter2"), ("bob@me.com", "$argon2id$v=19$x")] {
      let expected = try #require(
        await #expect(throws: AuthError.self) { try await fixture.auth.importUser(email: email, hash: hash) })
      #expect(throws: expected) { try check(email, hash) }
    }
    #expect(try check("bob@me.com", "{bcrypt}" + Self.hash.dropFirst("bcrypt_sha256$".count)).hash.text.hasPrefix("$2b$"))
  }

  @Test func `a rehearsal says what an import would do, and changes nothing`() async throws {
    let accounts = [try check("bob@me.com"), try check("eve@me.com")]
    #expect(try await fixture.auth.rehearseImport(accounts) == [.added, .added])
    #expect(try await fixture.auth.statistics() == StoreStatistics())
    _ = try await fixture.auth.importUsers(accounts, from: .unknown)
    #expect(try await fixture.auth.rehearseImport([accounts[0], try check("EVE@me.com", "!")]) == [.exists, .differs])
  }

  @Test func `what is exported can be imported, and is the same`() async throws {
    _ = try await fixture.auth.importUsers(
      [try check("bob@me.com"), try check("Eve@me.com", isDisabled: true), try check("amy@me.com", "*")], from: .unknown)
    let exported = try await fixture.auth.exportUsers(after: nil, limit: 2)
    let rest = try await fixture.auth.exportUsers(after: exported.last?.email, limit: 2)
    #expect((exported + rest).map(\.email.text) == ["amy@me.com", "bob@me.com", "Eve@me.com"])
    let other = AuthFixture(.strict)
    for account in exported + rest {
      let checked = try other.auth.checkImport(
        email: account.email.text, hash: account.hash.text, isDisabled: account.disabledAt != nil)
      #expect(try await other.auth.importUsers([checked], from: .unknown) == [.added])
    }
    #expect(try await other.auth.exportUsers(after: nil, limit: 9).map(\.hash) == (exported + rest).map(\.hash))
    #expect(try await other.auth.account(email: "eve@me.com")?.state == .disabled)
  }
}
