internal import HTTPTypes
internal import Hummingbird

extension Request {
  /// Whether `Accept` names this media type itself, not just `*/*`.
  func accepts(_ mediaType: String) -> Bool {
    headers[values: .accept].contains { header in
      header.utf8.split(separator: UInt8(ascii: ",")).contains { range in
        range.prefix { $0 != UInt8(ascii: ";") }.trimmingSpaces().equalsIgnoringCase(mediaType)
      }
    }
  }
}
