package import AuthCore
internal import FoundationEssentials

extension Timestamp {
  /// The text in the format of RFC 3339, in UTC: `2026-11-25T04:37:12Z`.
  package var rfc3339: String { Date(timeIntervalSince1970: TimeInterval(secondsSince1970)).ISO8601Format() }
}
