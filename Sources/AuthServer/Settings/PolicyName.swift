internal import AuthCore
internal import AuthHTTP

enum PolicyName: String, CaseIterable, SettingValue {
  case classic, strict

  var auth: AuthPolicy {
    switch self {
    case .classic: .classic
    case .strict: .strict
    }
  }

  var http: HTTPPolicy {
    switch self {
    case .classic: .classic
    case .strict: .strict
    }
  }
}
