@testable internal import AuthCore

extension Target {
  static let email = Target(name: "Email") { bytes in
    let text = bytes.text
    let email: Email
    do throws(EmailProblem) {
      email = try Email(text)
    } catch {
      switch error {
      case .empty: require(text.isEmpty, "only the empty text is empty")
      case .tooLong(let count): require(count == text.utf8.count && count > Email.maximumBytes, "only a long email is too long")
      case .controlCharacter: require(text.unicodeScalars.contains(where: isControl), "there is a control character")
      default: fatalError("broken rule: the form is a matter of the policy")
      }
      return
    }
    require((1...Email.maximumBytes).contains(text.utf8.count), "an email has 1 to 250 bytes")
    require(!text.unicodeScalars.contains(where: isControl), "an email has no control character")
    require(email.text.hasSameBytes(as: text), "an email keeps its bytes")

    let swapped = Email(stored: text.swappingASCIICase)
    require(swapped == email && swapped.hashValue == email.hashValue, "the case of ASCII letters does not matter")
    let other = Email(stored: text + "x")
    require(other != email, "all other bytes matter")

    if EmailRule.emailAddress.problem(with: email) == nil { checkForm(text) }
  }

  /// Unicode's general category Cc.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
  }

  /// What `EmailRule.emailAddress` promises. That it accepts everything that it should, and no more, is compared with a regular
  /// expression in `compare.py`.
  private static func checkForm(_ text: String) {
    require(text.utf8.allSatisfy { (0x21...0x7e).contains($0) }, "an email address is visible ASCII")
    let halves = text.split(separator: "@", omittingEmptySubsequences: false)
    require(halves.count == 2, "an email address has one @")
    require((1...64).contains(halves[0].utf8.count), "there are 1 to 64 bytes before the @")
    for label in halves[1].split(separator: ".", omittingEmptySubsequences: false) {
      require((1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-", "the domain has labels")
    }
  }
}
