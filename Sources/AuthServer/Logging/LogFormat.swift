internal import AuthCore
internal import AuthHTTP
internal import Logging

/// How the lines of the log are written.
enum LogFormat: String, CaseIterable, SettingValue {
  /// `2026-11-29T08:00:00Z notice AuthServer: client=198.51.100.5 user=1 [AuthServer] authn_login_fail`
  case text
  /// `{"client":"198.51.100.5","level":"notice","message":"authn_login_fail","source":"AuthServer","time":"2026-11-29T08:00:00Z"}`
  case json

  /// One line with its line break. It contains no other, whatever the texts contain.
  func line(
    _ level: Logger.Level, _ message: String, metadata: Logger.Metadata = [:], source: String = "AuthServer", at time: Timestamp
  ) -> String {
    switch self {
    case .text:
      let pairs = metadata.sorted { $0.key < $1.key }.map { " \($0)=\($1)" }.joined()
      return "\(time.rfc3339) \(level) AuthServer:\(pairs) [\(source)] \(message)".escapingUnprintable + "\n"
    case .json:
      var members = metadata.mapValues { "\($0)" }
      members["time"] = time.rfc3339
      members["level"] = level.rawValue
      members["source"] = source
      members["message"] = message
      return String(decoding: members.json, as: UTF8.self) + "\n"
    }
  }
}
