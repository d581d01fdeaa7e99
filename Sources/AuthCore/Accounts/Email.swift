/// An address as its owner wrote it: 1 to 250 bytes of UTF-8 without control characters.
///
/// Two addresses that differ only in the case of ASCII letters are the same account, and equal. Other characters count
/// byte for byte: folding or normalising them would make different mailboxes one (`ı` and `i`, `é` written two ways).
public struct Email: Sendable, Hashable, CustomStringConvertible {
  /// The width of the column `users.email`. RFC 5321 allows no mailbox more than 254.
  public static let maximumBytes = 250

  /// The address in the letter case in which it was given.
  public let text: String

  /// Checks what every address must satisfy; ``AuthPolicy/emailRule`` may ask for more.
  ///
  /// - Throws: ``EmailProblem``, when the text is empty, longer than ``maximumBytes``, or has a control character.
  public init(_ text: String) throws(EmailProblem) {
    let length = text.utf8.count
    guard length > 0 else { throw .empty }
    guard length <= Self.maximumBytes else { throw .tooLong(bytes: length) }
    // A line break or an escape sequence in an address forges lines in logs and headers in mail.
    guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      throw .controlCharacter
    }
    self.text = text
  }

  /// Takes an address that a store stored, unchecked.
  public init(stored text: String) {
    self.text = text
  }

  public var description: String { text }

  public static func == (a: Email, b: Email) -> Bool { a.text.utf8.foldedASCII.elementsEqual(b.text.utf8.foldedASCII) }

  public func hash(into hasher: inout Hasher) {
    for byte in text.utf8.foldedASCII { hasher.combine(byte) }
  }
}

/// Why a text is not accepted as an address.
@nonexhaustive
public enum EmailProblem: Error, Equatable, CustomStringConvertible {
  case empty
  case tooLong(bytes: Int)
  case controlCharacter
  /// The policy asks for `local@domain`.
  case notAnAddress

  public var description: String {
    switch self {
    case .empty: "the address must not be empty"
    case .tooLong(let bytes): "the address has \(bytes) bytes, the limit is \(Email.maximumBytes)"
    case .controlCharacter: "the address must not contain control characters"
    case .notAnAddress: "the address must have the form name@example.org"
    }
  }
}
