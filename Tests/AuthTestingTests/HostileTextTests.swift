import AuthCore
import AuthTesting
import Testing

@Suite struct HostileTextTests {
  @Test func `every text is an email of an account of its own`() throws {
    let emails = try HostileText.emails.map { text in try Email(text) }
    #expect(Set(emails).count == emails.count)
  }

  @Test func `the longest are as long as an email may be`() {
    #expect(HostileText.longest.map(\.utf8.count) == [249, 250, 250, 250, 250, 250])
  }
}
