internal import AuthCore
internal import Logging

/// Writes to a ``LogWriter``. Metadata is formatted only when a line is written: each request has a logger that knows the
/// request's id, and most requests log nothing.
struct ServerLog: LogHandler {
  let writer: LogWriter
  /// Shared by all copies, except for those whose level is set.
  let level: LogLevel
  private var ownLevel: Logger.Level?
  var metadata: Logger.Metadata = [:]
  private let format: LogFormat

  init(format: LogFormat, level: Logger.Level) {
    self.format = format
    self.level = LogLevel(level)
    writer = LogWriter { dropped in
      format.line(.error, "\(dropped) lines were dropped, because the log could not be written", at: SystemClock().now)
    }
  }

  var logLevel: Logger.Level {
    get { ownLevel ?? level.value }
    set { ownLevel = newValue }
  }

  subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var metadata = metadata.merging(event.metadata ?? [:]) { $1 }
    metadata["error"] = event.error.map { "\($0)" } ?? metadata["error"]
    writer.write(format.line(event.level, "\(event.message)", metadata: metadata, source: event.source, at: SystemClock().now))
  }
}
