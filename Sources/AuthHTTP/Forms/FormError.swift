internal import AuthCore
internal import HTTPTypes

/// The reason why a form was refused. Nothing was changed.
enum FormError: Error, Equatable {
  case bodyTooLarge
  case unsupportedType
  case malformed(String)
  case missing(Form.Field)
  case unreadable(Form.Field)
  case tooLong(Form.Field, bytes: Int)
  case notFlag(Form.Field)
  /// The account system does not accept what is in the field.
  case refused(Form.Field, AuthError)

  static let notJSON = FormError.malformed("the body is not a JSON object")

  var problem: Problem {
    switch self {
    case .bodyTooLarge:
      Problem(
        .bodyTooLarge, "the body has more than \(AuthRoutes.maximumBodyBytes) bytes",
        numbers: ["limit": AuthRoutes.maximumBodyBytes])
    case .unsupportedType:
      Problem(
        .unsupportedMediaType,
        "send application/x-www-form-urlencoded, multipart/form-data or application/json")
    case .malformed(let reason):
      Problem(.malformedBody, reason)
    case .missing(let field):
      Problem(.fieldMissing, "the field \(field.rawValue) is missing", field: field.rawValue)
    case .unreadable(let field):
      Problem(.fieldUnreadable, "the field \(field.rawValue) is not a UTF-8 string", field: field.rawValue)
    case .tooLong(let field, let bytes):
      Problem(
        .fieldTooLong, "the field \(field.rawValue) has \(bytes) bytes; the limit is \(field.limit)",
        field: field.rawValue, numbers: ["bytes": bytes, "limit": field.limit])
    case .notFlag(let field):
      Problem(.fieldNotBoolean, "the field \(field.rawValue) must be true or false", field: field.rawValue)
    case .refused(let field, let error):
      Problem(
        error.status, code: error.code, "\(field.rawValue): \(error.publicDescription)", field: field.rawValue,
        numbers: error.numbers)
    }
  }
}

extension Problem {
  /// What is said about a body over ``AuthRoutes/maximumBodyBytes``, for servers that refuse it before ``AuthRoutes`` sees it.
  package static var bodyTooLarge: Problem { FormError.bodyTooLarge.problem }
}
