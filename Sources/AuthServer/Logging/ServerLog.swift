internal import Logging

/// Writes lines to standard error in the format of swift-log. Metadata is formatted only when a line is written: each request has
/// a logger that knows the request's id, and most requests log nothing.
struct ServerLog: LogHandler {
  private static let lines = StreamLogHandler.standardError(label: "AuthServer")

  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var lines = Self.lines
    lines.metadata = metadata
    lines.log(event: event)
  }
}
