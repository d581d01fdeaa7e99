import AuthCore
import AuthTesting
import Testing

@Suite("Hostile text")
struct HostileTextTests {
  @Test("every text is an address of its own, and no two are the same account")
  func addresses() throws {
    let emails = try HostileText.addresses.map { text in try Email(text) }
    #expect(Set(emails).count == emails.count)
  }

  @Test("the longest are as long as an address may be")
  func longest() {
    #expect(HostileText.longest.map(\.utf8.count) == [249, 250, 250, 250, 250, 250])
  }
}
