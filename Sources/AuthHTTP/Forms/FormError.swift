package import Hummingbird

/// Why a form was not accepted. Nothing was changed.
enum FormError: Error, Equatable {
  case bodyTooLarge
  case unsupportedType
  case malformed(String)
  case missing(Form.Field)
  case unreadable(Form.Field)
  case tooLong(Form.Field, bytes: Int)
  case refused(Form.Field, String)

  static let notJSON = FormError.malformed("the body is not a JSON object")

  var response: Response {
    switch self {
    case .bodyTooLarge:
      Response(.contentTooLarge, message: "the body has more than \(AuthRoutes.maximumBodyBytes) bytes")
    case .unsupportedType:
      Response(
        .unsupportedMediaType,
        message: "send application/x-www-form-urlencoded, multipart/form-data or application/json")
    case .malformed(let reason):
      Response(.badRequest, message: reason)
    case .missing(let field):
      Response(.badRequest, message: "the field \(field.rawValue) is missing")
    case .unreadable(let field):
      Response(.badRequest, message: "the field \(field.rawValue) is not a string of UTF-8")
    case .tooLong(let field, let bytes):
      Response(.badRequest, message: "the field \(field.rawValue) has \(bytes) bytes, the limit is \(field.limit)")
    case .refused(let field, let reason):
      Response(.badRequest, message: "\(field.rawValue): \(reason)")
    }
  }
}

extension Response {
  /// For a server that does not let a larger body through to ``AuthRoutes``.
  package static var bodyTooLarge: Response { FormError.bodyTooLarge.response }
}
