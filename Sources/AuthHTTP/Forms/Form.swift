internal import AuthCore
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The fields of a request's body, in whichever of three encodings they came. Of a repeated field the first counts.
struct Form {
  /// How much of a larger body is read, and forgotten, before the refusal where it would not be read after it.
  private static let maximumDiscardedBytes = 16 * 1024 * 1024

  /// A field that the routes read.
  enum Field: String, CaseIterable {
    case email
    case password
    case resetToken = "reset_token"
    case newPassword = "new_password"
    case currentPassword = "current_password"

    /// In bytes of UTF-8.
    var limit: Int {
      switch self {
      case .email: Email.maximumBytes
      case .password, .newPassword, .currentPassword: Password.maximumBytes
      case .resetToken: 250  // more than any token has
      }
    }
  }

  /// What came for the fields that the routes read: text, or something that is none. Whatever else came is forgotten.
  typealias Values = [Field: String?]

  private let values: Values

  /// Reads the body to its end.
  ///
  /// - Throws: ``FormError``; and what the connection throws when it breaks.
  init(_ request: Request) async throws {
    values = try Self.decode(await Self.body(of: request), contentType: request.headers[.contentType])
  }

  private static func body(of request: Request) async throws -> [UInt8] {
    let length = request.headers[.contentLength].flatMap(Int.init) ?? 0
    // The answer comes at once, and what is still sent is read and forgotten after it. Only where the connection closes nobody reads on,
    // and a client that sends first and reads then would never see the answer.
    let isClosing = request.headers[.connection]?.utf8.elementsEqual("close".utf8) == true && request.headers[.expect] == nil
    let patience = isClosing ? maximumDiscardedBytes : AuthRoutes.maximumBodyBytes
    guard length <= patience else { throw FormError.bodyTooLarge }
    var body: [UInt8] = []
    var count = 0
    for try await buffer in request.body {
      count += buffer.readableBytes
      if count <= AuthRoutes.maximumBodyBytes { body += buffer.readableBytesView }
      if count > patience { break }
    }
    guard count <= AuthRoutes.maximumBodyBytes else { throw FormError.bodyTooLarge }
    return body
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

  /// The text of a field, which may be empty.
  func text(_ field: Field) throws(FormError) -> String {
    guard let value = values[field] else { throw .missing(field) }
    guard let text = value else { throw .unreadable(field) }
    guard text.utf8.count <= field.limit else { throw .tooLong(field, bytes: text.utf8.count) }
    return text
  }

  /// The password that the account has so far: `current_password` or, from clients that have but one name for it, `password`.
  var currentPassword: String {
    get throws(FormError) { try text(hasCurrentPassword && values[.currentPassword] == nil ? .password : .currentPassword) }
  }

  /// The same where it may be left out.
  var currentPasswordIfAny: String? {
    get throws(FormError) { hasCurrentPassword ? try currentPassword : nil }
  }

  private var hasCurrentPassword: Bool { values[.currentPassword] != nil || values[.password] != nil }
}

extension Form.Values {
  /// Notes the value, if the name is that of a field which has none yet.
  mutating func addFirst(_ name: some Collection<UInt8>, _ value: @autoclosure () -> String?) {
    guard let field = Form.Field.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name) }), self[field] == nil else {
      return
    }
    updateValue(value(), forKey: field)
  }
}
