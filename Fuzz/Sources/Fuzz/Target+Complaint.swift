@testable internal import AuthCore
@testable internal import Delivery
internal import Foundation

extension Target {
  private static let marker = "Zq9"
  private static let secret = "t0k3n-8d5e2c61"

  /// The end of an email in a line, and what a program says on standard error behind the message that it was given.
  static let complaint = Target(name: "Complaint") { bytes in
    let parts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let email = try? Email(marker + String(decoding: parts[0], as: UTF8.self)) else { return }
    let said = Array(parts[1])
    // As messages are written.
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let json = try? encoder.encode([email.text, secret]) else { fatalError("broken rule: a message has a form in JSON") }
    check(said, email)
    guard said.text.range(of: marker, options: .caseInsensitive) == nil, !said.text.utf8.contains(UInt8(ascii: "%")) else {
      return
    }
    for form in [json, Data(email.text.utf8), Data(email.text.percentEncoded().utf8)] {
      guard let text = check(Array(form) + said, email) else { continue }
      require(text.range(of: marker, options: .caseInsensitive) == nil, "an email is not logged, in any form")
      require(!text.contains(secret), "a token is not logged")
    }
  }

  @discardableResult
  private static func check(_ said: [UInt8], _ email: Email) -> String? {
    var (whole, pieces) = (CommandComplaint(), CommandComplaint())
    // SAFETY: bytes have no padding.
    unsafe whole.append(said.span.bytes)
    for byte in said { unsafe pieces.append([byte].span.bytes) }
    let message = AuthMessage(
      id: "1", email: email, content: .passwordReset(ResetToken(secret), expiresAt: Timestamp(secondsSince1970: 0)))
    // A program that was given one line, as those that take JSON are.
    let text = whole.text(about: message, whichWas: [])
    require(Array((pieces.text(about: message, whichWas: []) ?? "").utf8) == Array((text ?? "").utf8), "pieces are the whole")
    require(text?.unicodeScalars.allSatisfy(\.isPrintable) != false, "what is logged forges no line")
    return text
  }
}
