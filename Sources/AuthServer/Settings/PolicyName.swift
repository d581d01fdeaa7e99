internal import AuthCore

enum PolicyName: String, CaseIterable, SettingValue {
  case classic, strict

  var auth: AuthPolicy {
    switch self {
    case .classic: .classic
    case .strict: .strict
    }
  }
}
