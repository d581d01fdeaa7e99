import AuthCore
import AuthTesting
import Testing

@Suite struct HostileTextTests {
  @Test func `every text is an address of its own, and no two are the same account`() throws {
    let emails = try HostileText.addresses.map { text in try Email(text) }
    #expect(Set(emails).count == emails.count)
  }

  @Test func `the longest are as long as an address may be`() {
    #expect(HostileText.longest.map(\.utf8.count) == [249, 250, 250, 250, 250, 250])
  }
}
