internal import HTTPTypes
internal import Hummingbird

extension Request {
  /// Whether `Accept` names this media type itself, not just `*/*`, and does not exclude it with `q=0` (RFC 9110, 12.5.1).
  func accepts(_ mediaType: String) -> Bool {
    headers[values: .accept].contains { header in
      header.utf8.split(separator: UInt8(ascii: ",")).contains { range in
        let parts = range.split(separator: UInt8(ascii: ";")).map { $0.trimmingSpaces() }
        guard parts.first?.equalsIgnoringCase(mediaType) == true else { return false }
        return !parts.dropFirst().contains { $0.allSatisfy("qQ=0.".utf8.contains) && $0.count >= 3 }
      }
    }
  }
}
