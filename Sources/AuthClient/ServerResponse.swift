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

  /// The value of a header that came once.
  func header(_ name: String) -> String? {
    let values = headers[name]
    return values.count == 1 ? values[0] : nil
  }

  /// The members of the body.
  func members<Members: Decodable>(_: Members.Type = Members.self) throws(AuthError) -> Members {
    do { return try JSONDecoder().decode(Members.self, from: Data(body.readableBytesView)) } catch { throw unexpected }
  }

  /// Nothing of the body is repeated, which may contain a secret.
  var unexpected: AuthError {
    .unavailable("the authentication server responded with \(status) and what this version of AuthClient does not understand")
  }

  /// Whether this is what a login with an unknown email or a wrong password gets.
  var isWrongCredentials: Bool { refusal?.code == "wrong_credentials" }

  private var refusal: Refusal? { try? JSONDecoder().decode(Refusal.self, from: Data(body.readableBytesView)) }

  /// The error that the server responded with.
  ///
  /// - Parameter email: the one that was sent.
  func error(email: String = "") -> AuthError {
    guard let refusal else {
      // Without a body, as `/verify` responds.
      return status == 503 ? .unavailable("the authentication server responded with 503") : unexpected
    }
    return refusal.error(email: email) ?? unexpected
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
    default: break
    }
    let numbers = ["bytes": bytes, "characters": characters, "count": count, "minimum": minimum, "retry_after": retryAfter]
    return code.flatMap { AuthError(code: $0, numbers: numbers.compactMapValues { $0 }, message: message, email: email) }
  }
}
