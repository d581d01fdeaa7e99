import AuthCore
import Testing

/// OWASP ASVS 5.0: 6.2.4, 6.2.12; NIST SP 800-63B-4: 3.1.1.2.
@Suite struct CommonPasswordsTests {
  private static let entries = CommonPasswords.words.description.split { $0 == " " || $0 == "\n" }.map { Array($0.utf8) }

  private func problem(_ password: some Sequence<UInt8>) -> PasswordProblem? {
    PasswordBlocklist().problem(in: String(decoding: Array(password), as: UTF8.self), of: Email(stored: "x"))
  }

  @Test(arguments: [8, 15]) func `there are 3,000 entries that the policy admits, whichever length it asks for`(_ minimum: Int) {
    #expect(Self.entries.count { $0.count >= minimum } >= 3000)
  }

  @Test func `the entries are sorted by byte, without duplicates`() {
    #expect(zip(Self.entries, Self.entries.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
  }

  @Test func `the entries are 4 to 33 printable ASCII characters in lower case`() {
    for entry in Self.entries {
      #expect((4...33).contains(entry.count))
      #expect(entry.allSatisfy { (0x21...0x7e).contains($0) && !(0x41...0x5a).contains($0) })
    }
  }

  @Test func `every entry is found in any letter case`() {
    for entry in Self.entries {
      #expect(problem(entry) == .common)
      #expect(problem(String(decoding: entry, as: UTF8.self).uppercased().utf8) == .common)
    }
  }

  @Test func `the beginning of an entry, or an entry with more after it, is not found`() {
    #expect(problem("trustno".utf8) == nil)
    #expect(problem("trustno1".utf8) == .common)
    #expect(problem("trustno1x".utf8) == nil)
    #expect(problem("masterofpuppet".utf8) == nil)
    #expect(problem("masterofpuppets".utf8) == .common)
    #expect(problem("masterofpuppetsx".utf8) == nil)
  }

  @Test func `text that sorts before the first entry or after the last is not found`() {
    #expect(problem("! q".utf8) == nil)
    #expect(problem("~~ zq".utf8) == nil)
    #expect(problem("\u{10ffff}".utf8) == nil)
  }
}
