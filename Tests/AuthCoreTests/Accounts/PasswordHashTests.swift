import AuthCore
import Testing

@Suite struct PasswordHashTests {
  private static let withNUL = ["\0", "a\0", "\0a", "a\0b", "$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm\0"]

  @Test(arguments: withNUL)
  func `text from elsewhere with U+0000 is refused`(_ text: String) {
    #expect(throws: PasswordHashProblem.containsNUL) { try PasswordHash(validating: text) }
  }

  @Test(arguments: withNUL)
  func `stored text with U+0000 becomes the empty hash, not a part of the text`(_ text: String) {
    #expect(PasswordHash(text).text.isEmpty)
  }

  @Test(arguments: ["", " ", "$2b$04$x", "e\u{301}", "\u{1}", "\u{2400}", "\u{10000}"])
  func `every other text is kept byte for byte`(_ text: String) throws {
    #expect(Array(PasswordHash(text).text.utf8) == Array(text.utf8))
    #expect(Array(try PasswordHash(validating: text).text.utf8) == Array(text.utf8))
  }

  @Test func `two spellings of a letter are two hashes`() {
    #expect(PasswordHash("e\u{301}") != PasswordHash("\u{E9}"))
    #expect(PasswordHash("\u{E9}") == PasswordHash("\u{E9}"))
  }
}
