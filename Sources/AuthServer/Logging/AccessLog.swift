internal import AuthCore
internal import AuthHTTP
internal import HTTPTypes
internal import Logging
internal import Synchronization

/// One line for each request, with nothing that a client can make secret, long or ambiguous: no path, but the template of the
/// route.
///
/// The line has the form of every other, and is put together here without a logger's dictionary: it is the only one that is
/// written for every request.
final class AccessLog: Sendable {
  /// The level of its lines.
  static let level = Logger.Level.info

  /// What is known of a request once it has its response.
  struct Entry {
    let method: String
    let route: String
    let status: Int
    /// Of the response's body.
    let bytes: Int
    let duration: Duration
    let requestID: String
    let userID: User.ID?
  }

  private let writer: LogWriter
  private let format: LogFormat
  private let clock: any WallClock
  private let time = LastTime()

  init(_ writer: LogWriter, format: LogFormat, clock: any WallClock = SystemClock()) {
    self.writer = writer
    self.format = format
    self.clock = clock
  }

  func log(_ entry: Entry) {
    writer.write { append(entry, to: &$0) }
  }

  /// The keys are in alphabetical order, as those of other lines. Bytes, to which less has to be done than to a string.
  func append(_ entry: Entry, to line: inout [UInt8]) {
    let time = time.text(of: clock.now)
    switch format {
    case .text:
      line.append(time)
      line.append(" info AuthServer: bytes=")
      line.append(entry.bytes)
      line.append(" duration=")
      line.append(entry.duration)
      line.append(" hb.request.id=")
      line.append(entry.requestID)
      line.append(" method=")
      line.append(entry.method)
      line.append(" route=")
      line.append(entry.route)
      line.append(" status=")
      line.append(entry.status)
      if let user = entry.userID {
        line.append(" user=")
        line.append(Int(user))
      }
      line.append(" [AuthServer] request\n")
    case .json:
      // No value needs an escape: they are numbers, tokens of HTTP, templates of routes, and ids that were checked.
      line.append(#"{"bytes":""#)
      line.append(entry.bytes)
      line.append(#"","duration":""#)
      line.append(entry.duration)
      line.append(#"","hb.request.id":""#)
      line.append(entry.requestID)
      line.append(#"","level":"info","message":"request","method":""#)
      line.append(entry.method)
      line.append(#"","route":""#)
      line.append(entry.route)
      line.append(#"","source":"AuthServer","status":""#)
      line.append(entry.status)
      line.append(#"","time":""#)
      line.append(time)
      if let user = entry.userID {
        line.append(#"","user":""#)
        line.append(Int(user))
      }
      line.append("\"}\n")
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ text: String) {
    append(contentsOf: text.utf8)
  }

  /// In decimal. Numbers below 0 do not occur.
  fileprivate mutating func append(_ number: Int, digits: Int = 1) {
    var (low, rest) = (count, number)
    while rest > 0 || count - low < digits {
      append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    }
    // Not by `reverse()` of a slice, which would be a copy.
    var high = count - 1
    while low < high {
      swapAt(low, high)
      (low, high) = (low + 1, high - 1)
    }
  }

  /// To the microsecond: `0.000214`.
  fileprivate mutating func append(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    append(Int(seconds))
    append(".")
    append(Int(attoseconds / 1_000_000_000_000), digits: 6)
  }
}

/// The text of the current second, made once.
private final class LastTime: Sendable {
  private let last = Mutex<(time: Timestamp, text: String)>((.distantPast, ""))

  func text(of time: Timestamp) -> String {
    last.withLock { last in
      if last.time != time { last = (time, time.rfc3339) }
      return last.text
    }
  }
}
