/// Texts that break careless software. Each is an email that `Email` accepts, and no two are the same account.
public enum HostileText {
  /// All of them.
  public static let emails: [String] = sql + patterns + lookalikes + unnormalized + nearlyEqual + invisible + longest

  /// Quotes, comments and statements.
  public static let sql: [String] = [
    "'", "''", "\"", "`", "\\", "\\'", ";", "--", "/*", "*/", "' OR '1'='1", "'; DROP TABLE users; --",
    "bob'--@me.com", "x' UNION SELECT * FROM users --", ":email", "@email", "$1", "?1", "NULL", "null@me.com",
  ]

  /// The wild cards of `LIKE`, `GLOB` and regular expressions.
  public static let patterns: [String] = [
    "%", "_", "*", "?", "[a-z]", ".*", "a%@me.com", "a_@me.com", "ab@me.com", "a*@me.com", "a?@me.com", "a[b]@me.com",
    "a{b}@me.com", "^ab@me.com$", "a.@me.com",
  ]

  /// Letters that Unicode's case folding makes equal or that look the same, and symbols that careless ASCII folding makes equal.
  public static let lookalikes: [String] = [
    "i@me.com", "\u{131}@me.com", "\u{130}@me.com", "k@me.com", "\u{212A}@me.com", "s@me.com", "\u{17F}@me.com",
    "ss@me.com", "\u{DF}@me.com", "\u{1E9E}@me.com", "\u{E4}@me.com", "\u{C4}@me.com", "\u{3C3}@me.com", "\u{3C2}@me.com",
    "\u{3A3}@me.com", "\u{FF41}@me.com", "\u{FF21}@me.com", "\u{430}@me.com", "[@me.com", "{@me.com", "`@me.com", "@@me.com",
    "^@me.com", "~@me.com",
  ]

  /// Texts that are canonically or compatibly equivalent to their neighbours.
  public static let unnormalized: [String] = [
    "caf\u{E9}@me.com", "cafe\u{301}@me.com", "\u{C5}@me.com", "A\u{30A}@me.com", "\u{212B}@me.com", "\u{2126}@me.com",
    "\u{3A9}@me.com", "\u{FB01}n@me.com", "fin@me.com", "\u{AC00}@me.com", "\u{1100}\u{1161}@me.com",
    "q\u{323}\u{307}@me.com", "q\u{307}\u{323}@me.com",
  ]

  /// Texts that differ in spaces, or that differ as texts but not as numbers.
  public static let nearlyEqual: [String] = [
    "eve@me.com", " eve@me.com", "eve@me.com ", "eve@me.com  ", "eve @me.com", "eve@me.com\u{A0}", "eve@me.com\u{3000}", " ",
    "1", "01", "1.0", "1e0", "+1", "0x1", "1 ", "0", "-0", "00", "9007199254740992", "9007199254740993",
  ]

  /// Emoji, right-to-left letters, and invisible characters.
  public static let invisible: [String] = [
    "\u{1F600}@me.com", "\u{1F44D}\u{1F3FD}@me.com", "\u{1F44D}@me.com", "\u{1F468}\u{200D}\u{1F469}@me.com",
    "\u{1F468}\u{1F469}@me.com", "mallory@me.com", "\u{200F}mallory@me.com", "\u{202E}mallory@me.com", "mal\u{200B}lory@me.com",
    "mal\u{AD}lory@me.com", "\u{FEFF}mallory@me.com", "mallory@me.com\u{2028}", "\u{5D0}\u{5D1}@me.com", "\u{10FFFD}@me.com",
  ]

  /// Texts of 250 bytes, the limit, or of 249, which differ only at the end.
  public static let longest: [String] = [
    String(repeating: "a", count: 249), String(repeating: "a", count: 250), String(repeating: "a", count: 249) + "b",
    String(repeating: "\u{1F600}", count: 62) + "zz", String(repeating: "\u{1F600}", count: 62) + "zy",
    String(repeating: "\u{1F600}", count: 62) + "\u{E9}",
  ]
}
