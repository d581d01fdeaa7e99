@testable internal import AuthCore
@testable internal import AuthHTTP

extension Target {
  /// What a client says of itself.
  static let client = Target(name: "Client") { bytes in
    let text = bytes.text
    guard let kept = Client(userAgent: text).userAgent else { fatalError("broken rule: what is said is kept") }
    require(kept.unicodeScalars.count <= Client.maximumTextLength, "a text is cut off")
    require(Client(requestID: text).requestID?.hasSameBytes(as: kept) == true, "every text of a client is treated alike")
    require(Client(userAgent: kept).userAgent?.hasSameBytes(as: kept) == true, "what was kept is kept again")
    var rest = text.unicodeScalars[...]
    for scalar in kept.unicodeScalars {
      require(!(scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)), "what is kept has no control character")
      guard let place = rest.firstIndex(of: scalar) else { fatalError("broken rule: what is kept was said") }
      rest = rest[place...].dropFirst()
    }
  }

  /// An email in the first line, a password behind it.
  static let password = Target(name: "Password") { bytes in
    let parts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return }
    let (email, text) = (String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self).normalizedToNFC())
    require(text.normalizedToNFC().hasSameBytes(as: text), "a text is normalised once")
    do throws(PasswordProblem) {
      let password = try Password(text)
      require(password.byteCount == text.utf8.count && text.utf8.count <= Password.maximumBytes, "a password keeps its bytes")
    } catch {
      require(
        error == .tooLong(bytes: text.utf8.count) && text.utf8.count > Password.maximumBytes, "only long passwords are too long")
      return
    }
    guard let email = try? Email(email) else { return }
    let list = PasswordBlocklist(contextWords: ["swift-auth"])
    let problem = list.problem(in: text, of: email)
    require(list.problem(in: text, of: email) == problem, "the same password has the same problem")
    guard let problem, !text.isEmpty else { return }
    if problem != .sameAsEmail {
      require(list.problem(in: text.swappingASCIICase, of: email) == problem, "letters count in whatever case")
      require(list.problem(in: text + text, of: email) != nil, "what is refused is refused when it is repeated")
    }
  }

  /// Random bytes, stored text and a token that is presented.
  static let token = Target(name: "Token") { bytes in
    for alphabet in [Base64.standard, .url, .bcrypt] {
      require(alphabet.decode(alphabet.encode(bytes)) == bytes, "what is encoded is decoded")
      if let decoded = alphabet.decode(bytes) {
        require(alphabet.encode(decoded) == bytes, "only what encoding makes is decoded")
      }
    }
    let token = SessionID(bytes.text)
    require(token.digest == ResetToken(bytes.text).digest, "every token is digested alike")
    require(isHexadecimal(token.digest.hex, count: 64), "a digest is 64 hexadecimal digits")
    require(TokenDigest(hex: token.digest.hex) == token.digest, "a digest that was stored is the same")
    require(SessionID(token.digest.hex).digest != token.digest, "a digest is not the token")
    if let key = ServiceKey(bytes.text) {
      require(key.digest == TokenDigest(of: bytes.text), "a key matches itself")
      require(
        bytes.count >= ServiceKey.minimumLength && bytes.allSatisfy { (0x21...0x7e).contains($0) }, "a key is visible ASCII")
    }
    guard bytes.count >= 32 else { return }
    let uuid = TokenFormat.uuid.makeToken(Fixed(bytes))
    let parts = uuid.split(separator: "-").map(String.init)
    require(
      parts.map(\.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { isHexadecimal($0, count: $0.count) }, "a UUID has its form")
    require(parts[2].hasPrefix("4") && "89ab".contains(parts[3].prefix(1)), "a UUID is of version 4")
    require(TokenFormat.base64URL.makeToken(Fixed(bytes)).utf8.count == 43, "a token has 43 characters")
  }

  private static func isHexadecimal(_ text: String, count: Int) -> Bool {
    text.utf8.count == count && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}

/// The same bytes always.
private struct Fixed: RandomSource {
  let given: [UInt8]

  init(_ given: [UInt8]) {
    self.given = given
  }

  func bytes(_ count: Int) -> [UInt8] { Array(given.prefix(count)) }
}
