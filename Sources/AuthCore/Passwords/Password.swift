/// A password on its way to the hasher: at most 4,096 bytes of UTF-8, every one of which counts, NUL included.
///
/// It is redacted wherever it is printed. Its bytes are overwritten when the last copy is gone. The `String` that it was made
/// from is not: Swift has no way to do that.
public struct Password: Sendable, Redacted {
  /// The length limit: 4,096 bytes, far more than anyone types. It bounds the work that a request can ask for.
  public static let maximumBytes = 4096

  private let bytes: SecretBytes

  /// Takes a password of any content, even an empty one. ``AuthPolicy`` decides which passwords may be set.
  ///
  /// - Throws: ``PasswordProblem/tooLong(bytes:)`` if it has more than ``maximumBytes`` bytes.
  public init(_ text: String) throws(PasswordProblem) {
    let length = text.utf8.count
    guard length <= Self.maximumBytes else { throw .tooLong(bytes: length) }
    bytes = SecretBytes(text.utf8)
  }

  /// Checked in place of a password that no account can have, so that refusing it takes as long as refusing any other.
  static let placeholder: Password = {
    do { return try Password("") } catch { preconditionFailure("the empty password was refused: \(error)") }
  }()

  /// The length in bytes of UTF-8.
  public var byteCount: Int { bytes.count }

  /// Calls `body` with the bytes, for a hasher. The buffer is valid only until `body` returns.
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try unsafe bytes.withUnsafeBytes(body)
  }
}

/// Why a text is not accepted as a new password.
@nonexhaustive
public enum PasswordProblem: Error, Equatable, CustomStringConvertible {
  /// The password is empty.
  case empty
  /// The password has more than ``Password/maximumBytes`` bytes.
  case tooLong(bytes: Int)
  /// The password has fewer Unicode scalars than the policy asks for.
  case tooShort(scalars: Int, minimum: Int)
  /// The password is the account's email, in any letter case.
  case sameAsEmail
  /// The password is common, or is made of a common password, runs or a repetition, as ``PasswordBlocklist`` defines them.
  case common
  /// The password is made of the email or of ``PasswordBlocklist/contextWords``.
  case contextual
  /// The password is in the collection of ``BreachedPasswords``.
  case breached

  /// Says what is wrong, the limit, and what to do.
  public var description: String {
    switch self {
    case .empty: "the password must not be empty"
    case .tooLong(let bytes): "the password has \(bytes) bytes; the limit is \(Password.maximumBytes)"
    case .tooShort(let scalars, let minimum):
      "the password has \(scalars) \(scalars == 1 ? "character" : "characters"); the minimum is \(minimum)"
    case .sameAsEmail: "the password must not be the email"
    case .common:
      "the password is too common: it is a common password, a sequence or a repetition, perhaps with digits added; choose another"
    case .contextual: "the password must not be made of the email or of words that belong to this service; choose another"
    case .breached: "the password is known from a data breach; choose another"
    }
  }
}
