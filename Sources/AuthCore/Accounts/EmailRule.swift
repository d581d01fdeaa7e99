/// Which texts may be registered as an address.
public enum EmailRule: Sendable, Equatable {
  /// Any text that ``Email`` accepts: names, numbers, addresses.
  case anyText

  /// What an HTML form accepts as an e-mail address: ASCII, one `@`, no spaces, a domain of dot-separated labels
  /// (HTML Living Standard, section 4.10.5.1.5 "Email state"), with at most 64 bytes before the `@` (RFC 5321, 4.5.3.1.1).
  case emailAddress

  func accepts(_ email: Email) -> Bool {
    switch self {
    case .anyText: true
    case .emailAddress: Self.isEmailAddress(email.text)
    }
  }

  private static func isEmailAddress(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2, (1...64).contains(parts[0].count) else { return false }
    let symbols = Set(".!#$%&'*+/=?^_`{|}~-".utf8)
    guard parts[0].allSatisfy({ isLetterOrDigit($0) || symbols.contains($0) }) else { return false }
    return parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(isLabel)
  }

  private static func isLabel(_ label: Substring.UTF8View) -> Bool {
    guard (1...63).contains(label.count), let first = label.first, let last = label.last else { return false }
    return isLetterOrDigit(first) && isLetterOrDigit(last)
      && label.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
  }
}
