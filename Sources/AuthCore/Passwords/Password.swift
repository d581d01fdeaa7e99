/// A password on its way to the hasher: at most 4,096 bytes of UTF-8, each of which counts, NUL included.
///
/// Printed or dumped it shows nothing of itself. Its copy of the text is overwritten when it goes; the `String` that it was
/// made from is Swift's, which nobody can overwrite.
public struct Password: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Far more than anybody types. A limit there must be, so that a request cannot ask for unbounded work.
  public static let maximumBytes = 4096

  private let bytes: SecretBytes

  /// - Throws: ``PasswordProblem/tooLong(bytes:)`` over ``maximumBytes``. Every other text is accepted, the empty one too.
  public init(_ text: String) throws(PasswordProblem) {
    let length = text.utf8.count
    guard length <= Self.maximumBytes else { throw .tooLong(bytes: length) }
    bytes = SecretBytes(text.utf8)
  }

  /// In place of a password that no account can have, so that refusing it costs the same as refusing any other.
  static let placeholder: Password = {
    do { return try Password("") } catch { preconditionFailure("the empty text is a password: \(error)") }
  }()

  /// The length in bytes of UTF-8.
  public var byteCount: Int { bytes.count }

  /// Lends the bytes to a hasher. The buffer is valid only until `body` returns.
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try unsafe bytes.withUnsafeBytes(body)
  }

  public var description: String { "Password(redacted)" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Why a text is not accepted as a new password.
@nonexhaustive
public enum PasswordProblem: Error, Equatable, CustomStringConvertible {
  case empty
  case tooLong(bytes: Int)
  case tooShort(scalars: Int, minimum: Int)
  case sameAsEmail
  /// On the list of common passwords, or made of one, of runs or of a repetition, as ``PasswordBlocklist`` says.
  case common
  /// Made of the address or of ``PasswordBlocklist/contextWords``.
  case contextual
  /// A ``BreachedPasswords`` has it.
  case breached

  public var description: String {
    switch self {
    case .empty: "the password must not be empty"
    case .tooLong(let bytes): "the password has \(bytes) bytes, the limit is \(Password.maximumBytes)"
    case .tooShort(let scalars, let minimum): "the password has \(scalars) characters, the least is \(minimum)"
    case .sameAsEmail: "the password must not be the address"
    case .common: "the password is too common: a common password, a sequence or a repetition, perhaps with digits added"
    case .contextual: "the password must not be made of the address or of words that belong to this service"
    case .breached: "the password is among those that became known through a breach; choose another"
    }
  }
}
