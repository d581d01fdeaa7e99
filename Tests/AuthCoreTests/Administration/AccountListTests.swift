import AuthTesting
import Testing

@testable import AuthCore

@Suite struct AccountListTests {
  private let fixture = AuthFixture(.classic)

  private func list(_ prefix: String = "", in state: Account.State? = nil) async throws -> [String] {
    var emails: [String] = []
    for try await account in fixture.auth.accounts(emailPrefix: prefix, in: state) { emails.append(account.email.text) }
    return emails
  }

  private func add(_ emails: some Sequence<String>) async throws {
    for email in emails { _ = try await fixture.store.addUser(email: Email(email), hashedPassword: PasswordHash("x")) }
  }

  @Test(arguments: [0, 1, 99, 100, 101, 250])
  func `every account is listed once, in order, whatever their number`(_ count: Int) async throws {
    let emails = (0..<count).map { "user\(1_000 + $0)" }
    try await add(emails.shuffled())
    #expect(try await list() == emails)
    #expect(try await list("USER") == emails)
    #expect(try await list("user1000") == Array(emails.prefix(1)))
  }

  @Test func `no page is longer than a hundred`() async throws {
    try await add((0..<250).map { "user\(1_000 + $0)" })
    let operations = RecordedOperations()
    let auth = fixture.intercepting { operation in operations.append(operation) }
    for try await _ in auth.accounts() {}
    #expect(operations.all == Array(repeating: [.findAccounts, .findCounters], count: 3).flatMap(\.self))
  }

  @Test func `accounts are found by their state, also where most pages have none`() async throws {
    try await add((0..<300).map { "user\(1_000 + $0)" })
    for id in [1, 150, 300] as [User.ID] { try await fixture.auth.disableUser(id) }
    try await fixture.auth.guess(times: 100, for: "user1003")
    // Who is disabled as well counts as disabled.
    try await fixture.auth.guess(times: 100, for: "user1000")
    #expect(try await list(in: .disabled) == ["user1000", "user1149", "user1299"])
    #expect(try await list(in: .locked) == ["user1003"])
    #expect(try await list(in: .active).count == 296)
    #expect(try await list("user12", in: .disabled) == ["user1299"])
    fixture.clock.advance(by: .seconds(900))
    #expect(try await list(in: .locked).isEmpty)
  }

  @Test func `a store that fails halfway is an error, not the end of the list`() async throws {
    try await add((0..<150).map { "user\(1_000 + $0)" })
    let store = InterceptingStore(fixture.store)
    let auth = Auth(policy: .classic, store: store, hasher: BcryptHasher.fast)
    var count = 0
    await #expect(throws: AuthError.self) {
      for try await _ in auth.accounts() {
        count += 1
        if count == 50 { store.fail(.all) }
      }
    }
    #expect(count == 100)
  }
}
