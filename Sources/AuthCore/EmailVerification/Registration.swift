/// An account to be: it exists once the owner of the email has verified it. Several may wait for one email, each with a password
/// of its own; the first that is verified gets the account, and voids the others.
public struct Registration: Sendable, Equatable, Identifiable {
  /// The digest of its ``RegistrationID``.
  public let id: TokenDigest
  /// The email as it was given. An account may have it already.
  public let email: Email
  /// The hash of the password that the account is to have.
  public let hashedPassword: PasswordHash
  /// When it was requested.
  public let createdAt: Timestamp
  /// When it ends if it is not verified; at this moment it is already void.
  public let expiresAt: Timestamp

  /// A registration with these values.
  public init(id: TokenDigest, email: Email, hashedPassword: PasswordHash, createdAt: Timestamp, expiresAt: Timestamp) {
    self.id = id
    self.email = email
    self.hashedPassword = hashedPassword
    self.createdAt = createdAt
    self.expiresAt = expiresAt
  }

  /// What a message to the email contains, as digests.
  public struct Challenge: Sendable, Equatable {
    /// The digest of the token in the link, which is valid as long as the registration.
    public let token: TokenDigest
    /// The digest of the code.
    public let code: TokenDigest
    /// When the code expires; at this moment it is already void.
    public let codeExpiresAt: Timestamp

    /// A challenge with these values.
    public init(token: TokenDigest, code: TokenDigest, codeExpiresAt: Timestamp) {
      self.token = token
      self.code = code
      self.codeExpiresAt = codeExpiresAt
    }
  }

  /// What shows that someone has read the message.
  public enum Proof: Sendable, Equatable {
    /// The token of the link, from any client.
    case token(TokenDigest)
    /// The code, from the client that holds the id of the registration.
    case code(TokenDigest, of: Registration.ID)
  }
}

/// The secret that binds a code to the client that registered. It is worth nothing without the code.
public struct RegistrationID: SecretToken {
  /// The id itself. Keep it where the code will be typed.
  public let text: String

  /// Takes the text that a client presented. Any text is accepted; one that was never issued names no registration.
  public init(_ text: String) {
    self.text = text
  }
}

/// The secret in the link of a message. Together with the password of the registration it verifies the email.
public struct VerificationToken: SecretToken {
  /// The token itself. Give it to the owner of the email only.
  public let text: String

  /// Takes the text that a client presented. Any text is accepted; one that was never issued verifies nothing.
  public init(_ text: String) {
    self.text = text
  }
}

/// Eight characters that a person reads in a message and types on another device: 40 random bits, for a few minutes and a few
/// tries.
public struct VerificationCode: SecretToken {
  /// Crockford's base 32, whose digits are not mistaken for each other (https://www.crockford.com/base32.html).
  private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  /// The code in the form in which it was issued, as far as the text allows.
  public let text: String

  /// Takes what a person typed: in any letter case, with spaces and hyphens, with O for 0, and I or L for 1.
  public init(_ text: String) {
    let bytes = text.utf8.compactMap { byte -> UInt8? in
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "-"): nil
      case UInt8(ascii: "o"), UInt8(ascii: "O"): UInt8(ascii: "0")
      case UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "l"), UInt8(ascii: "L"): UInt8(ascii: "1")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 0x20
      default: byte
      }
    }
    self.text = String(decoding: bytes, as: UTF8.self)
  }

  init(_ random: any RandomSource) {
    // Five bits of 64 for each character.
    let bits = random.bytes(5).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    text = String(decoding: (0..<8).map { Self.digits[Int(bits >> (35 - 5 * UInt64($0)) & 31)] }, as: UTF8.self)
  }
}
