/// Refuses passwords that are guessed first: common ones, what people make of those to get to the required length, and what
/// belongs to the account or the service. The entire password is judged, never a part of it.
///
/// NIST SP 800-63B-4, 3.1.1.2, asks for it, and OWASP ASVS 5.0, 6.2.4 and 6.2.11.
///
/// **Pieces.** Letters count in whatever case. A password is looked at as made of
///
/// - *common words*: the 11,000 entries, of 4 to 33 characters, of the list of common passwords;
/// - *context words*, of at least 3 characters: the address, the part before its `@`, that part's pieces between `.`, `_`, `-` and
///   `+`, the labels of the domain but for the last and their pieces, and ``contextWords``;
/// - *runs*: one character at least 3 times in a row, or at least 3 neighbours in one direction, each once or repeated: digits, the
///   alphabet, rows and columns of a keyboard and zigzags between two rows (`789012`, `ccbbaa`, `qwertz`, `1qaz2wsx`, `q1w2e3`);
/// - *fillers*: ASCII characters that are not letters. Up to 10 in a row, between other pieces; in a password without letters,
///   up to 2 in all.
///
/// **Refused** is
///
/// 1. an entry of the list;
/// 2. what at most *one* common word, however often, any context words, runs and fillers cover without a rest; pieces may overlap;
/// 3. a unit, repeated until the end, where the last repetition may be cut off, if the unit has at most 8 characters or
///    is refused itself.
///
/// The second rule looks at passwords of at most 512 Unicode scalars: longer ones are nobody's guess, unless they repeat.
///
/// **Not refused** are two different common words (`correct horse battery staple`), one common word with a word that is not on the
/// list, letters replaced by digits that look like them (`p4ssw0rd` where the list does not have it), random digits, and passwords
/// known from breaches but rare, about which ``BreachedPasswords`` are asked.
public struct PasswordBlocklist: Sendable, Equatable {
  /// Words that an attacker of this service tries: its name, the company's, the product's. One word each, without spaces. Those of
  /// fewer than 3 characters do nothing.
  public var contextWords: [String]

  public init(contextWords: [String] = []) {
    self.contextWords = contextWords
  }

  private static let longestUnit = 8
  private static let shortestContextWord = 3
  private static let mostScalars = 512

  /// Why the password, given in the form in which it is hashed, must not be that of the account with this address; nil if it may.
  package func problem(in password: String, of email: Email) -> PasswordProblem? {
    guard Email(stored: password) != email else { return .sameAsEmail }
    return problem(in: Self.folded(password)[...], context: context(of: email))
  }

  private func problem(in text: ArraySlice<UInt32>, context: Set<[UInt32]>) -> PasswordProblem? {
    guard !CommonPasswords.contains(text) else { return .common }
    let unit = text.prefix(Self.period(of: text))
    if 2 * unit.count <= text.count {
      if let problem = problem(in: unit, context: context) { return problem }
      if unit.count <= Self.longestUnit { return .common }
    }
    guard text.count <= Self.mostScalars else { return nil }
    var coverage = PasswordCoverage(text)
    if coverage.isCompletedByOneCommonPassword() { return .common }
    for word in context { coverage.cover(word) }
    return coverage.isCompletedByOneCommonPassword() ? .contextual : nil
  }

  private func context(of email: Email) -> Set<[UInt32]> {
    let address = Self.folded(normalizedNFC(email.text))
    let at = address.lastIndex(of: UInt32(UInt8(ascii: "@"))) ?? address.endIndex
    let local = address[..<at]
    // Without the last label: `com`, `org`.
    let labels = Self.pieces(of: address[at...].dropFirst(), at: ".").dropLast()
    var words = [address[...], local] + Self.pieces(of: local, at: "._-+") + labels
    words += labels.flatMap { Self.pieces(of: $0, at: "-") }
    words += contextWords.map { Self.folded(normalizedNFC($0))[...] }
    return Set(words.filter { $0.count >= Self.shortestContextWord }.map(Array.init))
  }

  private static func pieces(of text: ArraySlice<UInt32>, at separators: String) -> [ArraySlice<UInt32>] {
    text.split { separators.unicodeScalars.map(\.value).contains($0) }
  }

  /// Lower case, scalar by scalar. Not by `lowercased()` and not compared as strings: Swift's `==` on strings normalises, which
  /// takes long on text made for it.
  private static func folded(_ text: String) -> [UInt32] {
    text.unicodeScalars.map { scalar in
      if scalar.isASCII { return (0x41...0x5a).contains(scalar.value) ? scalar.value | 0x20 : scalar.value }
      guard scalar.properties.changesWhenLowercased else { return scalar.value }
      // One scalar for every one but İ, which becomes i and a dot: the i will do.
      return scalar.properties.lowercaseMapping.unicodeScalars.first?.value ?? scalar.value
    }
  }

  /// The length of the shortest unit that the text repeats, the last repetition perhaps cut off; that of the text, if none.
  ///
  /// From the table of borders of Knuth, Morris and Pratt: for each prefix the longest text that it begins and ends with.
  private static func period(of text: ArraySlice<UInt32>) -> Int {
    let text = Array(text)
    var borders = [0]
    for place in text.indices.dropFirst() {
      var border = borders[place - 1]
      while border > 0, text[border] != text[place] { border = borders[border - 1] }
      borders.append(text[border] == text[place] ? border + 1 : 0)
    }
    return text.isEmpty ? 0 : text.count - borders[text.count - 1]
  }
}
