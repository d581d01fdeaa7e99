internal import AuthCore
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The fields in the body of a request, in any of three encodings. If a field is repeated, the first one counts.
struct Form {
  /// How much of an excessive body is read and discarded before the refusal, if the connection closes after it: 16 MiB.
  private static let maximumDiscardedBytes = 16 * 1024 * 1024

  /// A field that a route reads.
  enum Field: String, CaseIterable {
    case email
    case password
    case resetToken = "reset_token"
    case newPassword = "new_password"
    case newPasswordAgain = "new_password_again"
    case currentPassword = "current_password"
    case remember
    case returnSessionID = "return_session_id"
    case token
    case registration
    case code
    case verificationToken = "verification_token"
    case emailChangeToken = "email_change_token"
    case takeBackToken = "take_back_token"
    case recoveryEmailToken = "recovery_email_token"
    case toRecoveryEmail = "to_recovery_email"

    /// The field with this name, compared by its bytes.
    init?(bytes name: some Collection<UInt8>) {
      guard let field = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name) }) else { return nil }
      self = field
    }

    /// Whether the field is true or false. JSON may have it without quotation marks.
    var isFlag: Bool { [.remember, .returnSessionID, .toRecoveryEmail].contains(self) }

    /// The length limit in bytes of UTF-8.
    var limit: Int {
      switch self {
      case .email: Email.maximumBytes
      case .password, .newPassword, .newPasswordAgain, .currentPassword: Password.maximumBytes
      case .resetToken, .verificationToken, .emailChangeToken, .takeBackToken, .recoveryEmailToken, .registration:
        250  // longer than any token
      case .code: 64  // longer than any way to write one
      // A back end asks about whatever a client has sent, such as a token of another service.
      case .token: 8_192
      case .remember, .returnSessionID, .toRecoveryEmail: 16
      }
    }
  }

  /// The fields that the routes read, each with its text, or with nil if it is not text. All others are dropped.
  typealias Values = [Field: String?]

  private let values: Values

  /// Reads the body to its end.
  ///
  /// - Throws: ``FormError``, or the connection's error if it breaks.
  init(_ request: Request) async throws {
    values = try Self.decode(await Self.body(of: request), contentType: request.headers[.contentType])
  }

  /// Reads the query of a link.
  init(query: String) {
    values = Self.decodeURLEncoded(Array(query.utf8))
  }

  private static func body(of request: Request) async throws -> [UInt8] {
    let length = request.headers[.contentLength].flatMap(Int.init) ?? 0
    guard !isRefused(length, request) else { throw FormError.bodyTooLarge }
    var body: [UInt8] = []
    var count = 0
    for try await buffer in request.body {
      count += buffer.readableBytes
      if count <= AuthRoutes.maximumBodyBytes { body += buffer.readableBytesView }
      if isRefused(count, request) { break }
    }
    guard count <= AuthRoutes.maximumBodyBytes else { throw FormError.bodyTooLarge }
    return body
  }

  /// Whether a body with so many bytes is refused before its end.
  ///
  /// The refusal is sent at once, and the rest of the body is read and discarded after it. But if the connection closes, nothing
  /// is read after the response, and a client that sends its whole body before it reads would never see the response.
  private static func isRefused(_ count: Int, _ request: Request) -> Bool {
    guard count > AuthRoutes.maximumBodyBytes else { return false }
    let isClosing = request.headers[.connection]?.hasSameBytes(as: "close") == true && request.headers[.expect] == nil
    return !isClosing || count > maximumDiscardedBytes
  }

  static func decode(_ body: [UInt8], contentType: String?) throws(FormError) -> Values {
    guard !body.isEmpty else { return [:] }
    let contentType = Array((contentType ?? "").utf8)
    let mediaType = contentType.prefix { $0 != UInt8(ascii: ";") }.trimmingSpaces()
    if mediaType.equalsIgnoringCase("application/x-www-form-urlencoded") { return decodeURLEncoded(body) }
    if mediaType.equalsIgnoringCase("multipart/form-data") { return try decodeMultipart(body, contentType: contentType) }
    if mediaType.equalsIgnoringCase("application/json") { return try decodeJSON(body) }
    throw .unsupportedType
  }

  /// The text of a field. It may be empty.
  func text(_ field: Field) throws(FormError) -> String {
    guard let value = values[field] else { throw .missing(field) }
    guard let text = value else { throw .unreadable(field) }
    guard text.utf8.count <= field.limit else { throw .tooLong(field, bytes: text.utf8.count) }
    return text
  }

  /// The text of a field that must not be empty: forms of pages send every input, filled in or not.
  func filled(_ field: Field) throws(FormError) -> String {
    let text = try text(field)
    guard !text.isEmpty else { throw .missing(field) }
    return text
  }

  /// Whether the field is there.
  func has(_ field: Field) -> Bool { values[field] != nil }

  /// Whether a flag is set; false if the field is not there.
  func flag(_ field: Field) throws(FormError) -> Bool { try flagIfAny(field) ?? false }

  /// Whether a flag is set; nil if the field is not there. `on` is what browsers send for a box that is ticked.
  func flagIfAny(_ field: Field) throws(FormError) -> Bool? {
    guard has(field) else { return nil }
    let text = try text(field)
    if ["true", "on", "1"].contains(where: { text.hasSameBytes(as: $0) }) { return true }
    if ["false", "off", "0"].contains(where: { text.hasSameBytes(as: $0) }) { return false }
    throw .notFlag(field)
  }

  /// The account's current password: `current_password` or, from clients that use a single name, `password`.
  var currentPassword: String {
    get throws(FormError) { try text(hasCurrentPassword && !has(.currentPassword) ? .password : .currentPassword) }
  }

  /// The account's current password; nil if the form has none.
  var currentPasswordIfAny: String? {
    get throws(FormError) { hasCurrentPassword ? try currentPassword : nil }
  }

  private var hasCurrentPassword: Bool { has(.currentPassword) || has(.password) }
}

extension Form.Values {
  /// Adds the value if the name is that of a field that has no value yet.
  mutating func addFirst(_ name: some Collection<UInt8>, _ value: (Form.Field) -> String?) {
    guard let field = Form.Field(bytes: name), self[field] == nil else { return }
    updateValue(value(field), forKey: field)
  }
}
