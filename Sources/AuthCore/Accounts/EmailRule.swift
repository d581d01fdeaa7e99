/// The texts that may be registered as an email.
public enum EmailRule: Sendable, Equatable {
  /// Any text that ``Email`` accepts: a name, a number, an email.
  case anyText

  /// What an HTML form accepts as an email: ASCII, one `@`, no spaces, and a domain of labels separated by dots.
  ///
  /// The source is the HTML Living Standard, section 4.10.5.1.5 "Email state". The part before the `@` has at most 64 bytes (RFC
  /// 5321, 4.5.3.1.1). A domain with other letters must be written in its ASCII form, `xn--…`.
  case emailAddress

  /// The length limit of the part before the `@`.
  static let maximumLocalPartBytes = 64
  private static let maximumLabelBytes = 63

  /// Why the rule does not accept the email; nil if it does.
  func problem(with email: Email) -> EmailProblem? {
    switch self {
    case .anyText: nil
    case .emailAddress: Self.problem(with: email.text)
    }
  }

  private static func problem(with text: String) -> EmailProblem? {
    let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2 else { return .atSigns(count: parts.count - 1) }
    guard !text.utf8.contains(UInt8(ascii: " ")) else { return .space }
    return localPartProblem(parts[0]) ?? domainProblem(parts[1])
  }

  private static func localPartProblem(_ part: Substring.UTF8View) -> EmailProblem? {
    let symbols = Set(".!#$%&'*+/=?^_`{|}~-".utf8)
    guard !part.isEmpty else { return .emptyLocalPart }
    guard part.allSatisfy(isASCII) else { return .nonASCIILocalPart }
    guard part.allSatisfy({ isLetterOrDigit($0) || symbols.contains($0) }) else { return .invalidLocalPart }
    return part.count <= maximumLocalPartBytes ? nil : .localPartTooLong(bytes: part.count)
  }

  private static func domainProblem(_ domain: Substring.UTF8View) -> EmailProblem? {
    guard !domain.isEmpty else { return .emptyDomain }
    guard domain.allSatisfy(isASCII) else { return .nonASCIIDomain }
    let labels = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.allSatisfy(isLabel) ? nil : .invalidDomain
  }

  private static func isLabel(_ label: Substring.UTF8View) -> Bool {
    guard (1...maximumLabelBytes).contains(label.count), let first = label.first, let last = label.last else { return false }
    return isLetterOrDigit(first) && isLetterOrDigit(last)
      && label.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isASCII(_ byte: UInt8) -> Bool { byte < 0x80 }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
  }
}
