package import Hummingbird

/// The reason why a form was refused. Nothing was changed.
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
      Response(.badRequest, message: "the field \(field.rawValue) is not a UTF-8 string")
    case .tooLong(let field, let bytes):
      Response(.badRequest, message: "the field \(field.rawValue) has \(bytes) bytes; the limit is \(field.limit)")
    case .refused(let field, let reason):
      Response(.badRequest, message: "\(field.rawValue): \(reason)")
    }
  }
}

extension Response {
  /// The response to a body over ``AuthRoutes/maximumBodyBytes``, for servers that refuse it before ``AuthRoutes`` sees it.
  package static var bodyTooLarge: Response { FormError.bodyTooLarge.response }
}
