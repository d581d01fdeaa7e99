internal import AuthCore
internal import FoundationEssentials
internal import NIOCore
internal import NIOFoundationEssentialsCompat
internal import NIOHTTP1

/// A response of the server, whole.
struct ServerResponse {
  /// Far more than any route sends: the list of the most sessions that a user can have is the longest.
  static let maximumBodyBytes = 4 * 1024 * 1024

  let status: Int
  let headers: HTTPHeaders
  let body: ByteBuffer

  /// The members of the body.
  func members<Members: Decodable>(_: Members.Type = Members.self) throws(AuthError) -> Members {
    do { return try JSONDecoder().decode(Members.self, from: Data(body.readableBytesView)) } catch { throw unexpected }
  }

  /// Nothing of the body is repeated, which may contain a secret.
  var unexpected: AuthError {
    .unavailable("the authentication server responded with \(status) and what this version of AuthClient does not understand")
  }

  /// The id of a user.
  func id(_ text: String?) throws(AuthError) -> User.ID {
    guard let text else {
      throw .unavailable(
        "the authentication server does not tell the id of the user, as one under classic; AuthClient needs strict")
    }
    guard let id = User.ID(text) else { throw unexpected }
    return id
  }

  /// Checks that this 200 is one of an `AuthServer`: any program responds with 200 to something.
  func requireMessage() throws(AuthError) {
    let members = try members([String: String].self)
    guard members["message"] != nil else { throw unexpected }
  }

  /// nil if the server says `no` by this error; otherwise its error is thrown.
  func nothing<Value>(if no: AuthError) throws(AuthError) -> Value? {
    let error = error()
    guard error == no else { throw error }
    return nil
  }

  /// Whether this is what a login with an unknown email or a wrong password gets.
  var isWrongCredentials: Bool { refusal?.code == "wrong_credentials" }

  /// Whether the user has no session with the id that was named.
  var isUnknownSession: Bool { refusal?.code == "unknown_session" }

  private var refusal: Refusal? { try? JSONDecoder().decode(Refusal.self, from: Data(body.readableBytesView)) }

  /// The error that the server responded with.
  ///
  /// - Parameter email: the one that was sent.
  func error(email: String = "") -> AuthError {
    if let error = refusal?.error(email: email) { return error }
    // A proxy has limits of its own, and no bodies of ours.
    let delay = Duration.seconds(headers["retry-after"].first.flatMap { Int64($0) } ?? 1)
    return switch status {
    case 429: .throttled(retryAfter: delay)
    case 503: .unavailable("the authentication server responded with 503")
    default: unexpected
    }
  }
}

/// The body of an error.
private struct Refusal: Decodable {
  let message: String
  let code: String?
  let field: String?
  let bytes, characters, count, minimum, retryAfter: Int?

  private enum CodingKeys: String, CodingKey {
    case message, code, field, bytes, characters, count, minimum
    case retryAfter = "retry_after"
  }

  /// nil for a code that is not an error of the account system: the server refused what this library sent.
  func error(email: String) -> AuthError? {
    switch (code, field) {
    // The server reads no further than this.
    case ("field_too_long", "email"): return .invalidEmail(.tooLong(bytes: bytes ?? 0))
    case ("field_too_long", "password"), ("field_too_long", "new_password"): return .invalidPassword(.tooLong(bytes: bytes ?? 0))
    // No account has this one, and no such token was issued.
    case ("field_too_long", "current_password"): return .wrongPassword
    case ("field_too_long", "reset_token"): return .invalidResetToken
    case ("field_too_long", "take_back_token"): return .invalidTakeBack
    case ("field_too_long", "verification_token"), ("field_too_long", "registration"), ("field_too_long", "code"),
      ("field_too_long", "email_change_token"), ("field_too_long", "recovery_email_token"):
      return .invalidVerification
    default: break
    }
    let numbers = ["bytes": bytes, "characters": characters, "count": count, "minimum": minimum, "retry_after": retryAfter]
    return code.flatMap { AuthError(code: $0, numbers: numbers.compactMapValues { $0 }, message: message, email: email) }
  }
}
