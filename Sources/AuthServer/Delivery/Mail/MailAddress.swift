/// A mailbox as a mail header and an envelope have it: an `addr-spec` (RFC 5322, 3.4.1) without comments and folds, in ASCII.
struct MailAddress: Sendable, Equatable {
  /// RFC 5321, 4.5.3.1.1.
  static let maximumLocalPartBytes = 64
  /// RFC 5321, 4.5.3.1.2, without room for a dot at the end.
  static let maximumDomainBytes = 253

  /// With the part before the `@` in quotation marks where it needs them.
  let text: String
  /// After the `@`.
  let host: String

  /// Takes a dot-atom or a quoted string before the last `@`, and a host name after it. The dots of `.bob@` and `b..b@`, which
  /// forms in browsers accept, are put in quotation marks.
  ///
  /// Everything else is refused and not guessed at: in `a@x.org, b@x.org` the text of one account would address two.
  /// Addresses outside ASCII need SMTPUTF8 on every hop (RFC 6531), of which a sendmail program says nothing before it is too
  /// late.
  ///
  /// - Throws: ``Problem``.
  init(_ text: String) throws(Problem) {
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else { throw .notASCII }
    guard let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) else { throw .noDomain }
    let (local, domain) = (text[..<at], text[text.utf8.index(after: at)...])
    guard (1...Self.maximumLocalPartBytes).contains(local.utf8.count) else { throw .localPart }
    guard domain.utf8.count <= Self.maximumDomainBytes,
      domain.wholeMatch(of: /[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*/) != nil,
      domain.split(separator: ".").allSatisfy({ $0.utf8.count <= 63 })
    else { throw .domain }
    host = String(domain)
    if Self.isQuoted(local) {
      self.text = text
    } else if local.utf8.allSatisfy(Self.isAtomOrDot) {
      let isDotAtom = local.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
      self.text = isDotAtom ? text : "\"\(local)\"@\(domain)"
    } else {
      throw .localPart
    }
  }

  /// A quoted string of printable characters and spaces, each `"` and `\` in it with a `\` before it.
  private static func isQuoted(_ local: Substring) -> Bool {
    var bytes = local.utf8[...]
    guard bytes.count >= 3, bytes.popFirst() == UInt8(ascii: "\""), bytes.popLast() == UInt8(ascii: "\"") else { return false }
    while let byte = bytes.popFirst() {
      guard (0x20...0x7e).contains(byte), byte != UInt8(ascii: "\"") else { return false }
      if byte == UInt8(ascii: "\\") {
        guard let escaped = bytes.popFirst(), (0x20...0x7e).contains(escaped) else { return false }
      }
    }
    return true
  }

  private static func isAtomOrDot(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    default: ".!#$%&'*+/=?^_`{|}~-".utf8.contains(byte)
    }
  }

  /// Why a text is not an address, in words that follow "the email".
  enum Problem: Error, Equatable, CustomStringConvertible {
    case notASCII, noDomain, localPart, domain

    var description: String {
      switch self {
      case .notASCII: "is not ASCII; a domain with other letters must be registered in its xn-- form"
      case .noDomain: "has no @"
      case .localPart: "has something before its @ that is not the name of a mailbox"
      case .domain: "has something after its @ that is not the name of a host"
      }
    }
  }
}
