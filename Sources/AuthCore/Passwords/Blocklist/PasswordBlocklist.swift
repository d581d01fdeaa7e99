/// Refuses the passwords that are guessed first: common ones, common ones stretched to the required length, and those made of
/// words that belong to the account or the service. It judges the entire password, never a part of it.
///
/// NIST SP 800-63B-4, 3.1.1.2, and OWASP ASVS 5.0, 6.2.4 and 6.2.11, ask for such a list.
///
/// **Pieces.** The case of letters does not matter. A password is split into
///
/// - *common words*: the 11,000 entries, of 4 to 33 characters, of the list of common passwords;
/// - *context words* of at least 3 characters: the email, the part before its `@`, that part's pieces between `.`, `_`, `-` and
///   `+`, all labels of the domain except the last, their pieces between `-`, and ``contextWords``;
/// - *runs*: a character at least 3 times in a row, or at least 3 neighbours in one direction, each once or repeated: digits, the
///   alphabet, rows and columns of a keyboard, and zigzags between two rows (`789012`, `ccbbaa`, `qwertz`, `1qaz2wsx`, `q1w2e3`);
/// - *fillers*: ASCII characters that are not letters, up to 10 in a row between other pieces; in a password without letters,
///   up to 2 in all.
///
/// **Refused** are
///
/// 1. every entry of the list;
/// 2. a password that is completely covered by *one* common word, however often it occurs, and any number of context words, runs
///    and fillers; pieces may overlap;
/// 3. a repetition of a unit that has at most 8 characters or would be refused itself; the last repetition may be incomplete.
///
/// The second rule applies to passwords of at most 512 Unicode scalars: attackers do not guess longer ones, unless they repeat.
///
/// **Not refused** are two different common words (`correct horse battery staple`), a common word with a word that is not on the
/// list, letters replaced by digits that look like them (`p4ssw0rd`, unless it is on the list), random digits, and rare passwords
/// that are known from breaches; those are for ``BreachedPasswords``.
public struct PasswordBlocklist: Sendable, Equatable {
  /// Words that attackers of this service will try, such as its name and those of the company and the product.
  ///
  /// Each is one word without spaces. Words of fewer than 3 characters have no effect.
  public var contextWords: [String]

  /// Makes a blocklist of the common passwords, the email of each account, and the given words.
  public init(contextWords: [String] = []) {
    self.contextWords = contextWords
  }

  private static let longestUnit = 8
  private static let shortestContextWord = 3
  private static let mostScalars = 512

  /// Why an account with this email may not have the password, given in the form in which it is hashed; nil if it may.
  package func problem(in password: String, of email: Email) -> PasswordProblem? {
    guard Email(stored: password) != email else { return .sameAsEmail }
    return problem(in: Self.folded(password)[...], context: context(of: email))
  }

  private func problem(in text: ArraySlice<UInt32>, context: Set<[UInt32]>) -> PasswordProblem? {
    guard !CommonPasswords.contains(text) else { return .common }
    let unit = text.prefix(Self.period(of: text))
    if !text.isEmpty, 2 * unit.count <= text.count {
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
    let address = Self.folded(email.text.normalizedToNFC())
    let at = address.lastIndex(of: UInt32(UInt8(ascii: "@"))) ?? address.endIndex
    let local = address[..<at]
    // The last label, `com` or `org`, is too common a word to refuse.
    let labels = Self.pieces(of: address[at...].dropFirst(), at: ".").dropLast()
    var words = [address[...], local] + Self.pieces(of: local, at: "._-+") + labels
    words += labels.flatMap { Self.pieces(of: $0, at: "-") }
    words += contextWords.map { Self.folded($0.normalizedToNFC())[...] }
    return Set(words.filter { $0.count >= Self.shortestContextWord }.map(Array.init))
  }

  private static func pieces(of text: ArraySlice<UInt32>, at separators: String) -> [ArraySlice<UInt32>] {
    text.split { separators.unicodeScalars.map(\.value).contains($0) }
  }

  /// Converts the text to lower case, scalar by scalar, so that from here on scalars are compared: `lowercased()` and the
  /// normalising `==` of strings take very long for text that is crafted to slow them down.
  private static func folded(_ text: String) -> [UInt32] {
    text.unicodeScalars.map { scalar in
      if scalar.isASCII { return (0x41...0x5a).contains(scalar.value) ? scalar.value | 0x20 : scalar.value }
      guard scalar.properties.changesWhenLowercased else { return scalar.value }
      // Every scalar becomes one scalar except İ, which becomes i and a combining dot. The i will do.
      return scalar.properties.lowercaseMapping.unicodeScalars.first?.value ?? scalar.value
    }
  }

  /// The length of the shortest unit whose repetition, possibly with an incomplete last one, is the text. Without a repetition it
  /// is the length of the text.
  ///
  /// It follows from the border table of Knuth, Morris and Pratt, which has, for each prefix, the longest proper prefix that is
  /// also its suffix.
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
