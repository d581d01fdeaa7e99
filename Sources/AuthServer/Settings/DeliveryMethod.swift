/// How messages reach users, by name.
enum DeliveryMethod: String, CaseIterable, SettingValue {
  /// Not at all: every client that asks for a reset token is given it.
  case answer
  case webhook, command, mail, log
}
