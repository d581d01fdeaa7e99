/// The email of an account, as its owner wrote it: 1 to 250 bytes of UTF-8 without control characters.
///
/// Two emails that differ only in the case of ASCII letters are equal, and belong to the same account. All other characters count
/// byte for byte: if they were folded or normalised, different mailboxes would become one (`ı` and `i`, or two spellings of `é`).
public struct Email: Sendable, Hashable, CustomStringConvertible {
  /// The length limit, the width of the column `users.email`: 250 bytes. RFC 5321 allows no mailbox more than 254.
  public static let maximumBytes = 250

  /// The email in the letter case in which it was given.
  public let text: String

  /// Checks what every email must satisfy. ``AuthPolicy/emailRule`` may ask for more.
  ///
  /// - Throws: ``EmailProblem`` if the text is empty, has more than ``maximumBytes`` bytes, or contains a control character.
  public init(_ text: String) throws(EmailProblem) {
    let length = text.utf8.count
    guard length > 0 else { throw .empty }
    guard length <= Self.maximumBytes else { throw .tooLong(bytes: length) }
    // A line break or an escape sequence in an email could forge lines in logs and headers in mail.
    guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      throw .controlCharacter
    }
    self.text = text
  }

  /// Takes an email that a store kept, without checking it.
  public init(stored text: String) {
    self.text = text
  }

  /// The email in the letter case in which it was given.
  public var description: String { text }

  /// Whether the email begins with a text, in any ASCII letter case.
  package func hasPrefix(_ prefix: String) -> Bool { text.utf8.foldedASCII.starts(with: prefix.utf8.foldedASCII) }

  /// Whether both emails have the same bytes, apart from the case of ASCII letters.
  public static func == (a: Email, b: Email) -> Bool { a.text.utf8.foldedASCII.elementsEqual(b.text.utf8.foldedASCII) }

  /// Hashes the bytes with ASCII letters in lower case, so that equal emails have equal hash values.
  public func hash(into hasher: inout Hasher) {
    for byte in text.utf8.foldedASCII { hasher.combine(byte) }
  }
}

/// Why a text is not accepted as an email.
///
/// ``Email`` refuses with the first three cases, ``EmailRule/emailAddress`` with the others.
@nonexhaustive
public enum EmailProblem: Error, Equatable, CustomStringConvertible {
  /// The text is empty.
  case empty
  /// The text has more than ``Email/maximumBytes`` bytes.
  case tooLong(bytes: Int)
  /// The text contains a control character, such as a line break.
  case controlCharacter

  /// The text does not contain exactly one `@`.
  case atSigns(count: Int)
  /// The text contains a space.
  case space
  /// There is nothing before the `@`.
  case emptyLocalPart
  /// The part before the `@` is not ASCII.
  case nonASCIILocalPart
  /// The part before the `@` contains an ASCII character that is not allowed there.
  case invalidLocalPart
  /// The part before the `@` has more than 64 bytes.
  case localPartTooLong(bytes: Int)
  /// There is nothing after the `@`.
  case emptyDomain
  /// The domain is not ASCII.
  case nonASCIIDomain
  /// The domain contains a character that is not allowed there, or a label that is empty, too long, or has a hyphen at an end.
  case invalidDomain

  /// Says what is wrong, the limit, and what to write instead.
  public var description: String {
    switch self {
    case .empty: "the email must not be empty"
    case .tooLong(let bytes): "the email has \(bytes) bytes; the limit is \(Email.maximumBytes)"
    case .controlCharacter: "the email must not contain control characters"
    case .atSigns(0): "the email has no @; it must have the form name@example.org"
    case .atSigns(let count): "the email has \(count) @ signs; it must have the form name@example.org"
    case .space: "the email must not contain spaces"
    case .emptyLocalPart: "the email has nothing before the @; it must have the form name@example.org"
    case .nonASCIILocalPart: "the part of the email before the @ must be ASCII; letters such as ü are not accepted"
    case .invalidLocalPart: "the part of the email before the @ may contain only letters, digits and .!#$%&'*+/=?^_`{|}~-"
    case .localPartTooLong(let bytes):
      "the part of the email before the @ has \(bytes) bytes; the limit is \(EmailRule.maximumLocalPartBytes)"
    case .emptyDomain: "the email has nothing after the @; it must have the form name@example.org"
    case .nonASCIIDomain:
      "the domain of the email must be ASCII; write it in its xn-- form, such as xn--mnchen-3ya.de for münchen.de"
    case .invalidDomain:
      "the domain of the email must be labels of 1 to 63 letters, digits and hyphens, separated by dots, such as example.org; "
        + "no label may begin or end with a hyphen"
    }
  }
}
