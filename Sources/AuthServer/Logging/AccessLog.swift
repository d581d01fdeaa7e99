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
struct AccessLog: Sendable {
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
    writer.write(line(for: entry))
  }

  /// The keys are in alphabetical order, as those of other lines.
  func line(for entry: Entry) -> String {
    let time = time.text(of: clock.now)
    let duration = Self.seconds(entry.duration)
    var line = ""
    line.reserveCapacity(320)
    switch format {
    case .text:
      line += time
      line += " info AuthServer: bytes="
      line += String(entry.bytes)
      line += " duration="
      line += duration
      line += " hb.request.id="
      line += entry.requestID
      line += " method="
      line += entry.method
      line += " route="
      line += entry.route
      line += " status="
      line += String(entry.status)
      if let user = entry.userID {
        line += " user="
        line += String(user)
      }
      line += " [AuthServer] request\n"
    case .json:
      // No value needs an escape: they are numbers, tokens of HTTP, templates of routes, and ids that were checked.
      line += #"{"bytes":""#
      line += String(entry.bytes)
      line += #"","duration":""#
      line += duration
      line += #"","hb.request.id":""#
      line += entry.requestID
      line += #"","level":"info","message":"request","method":""#
      line += entry.method
      line += #"","route":""#
      line += entry.route
      line += #"","source":"AuthServer","status":""#
      line += String(entry.status)
      line += #"","time":""#
      line += time
      if let user = entry.userID {
        line += #"","user":""#
        line += String(user)
      }
      line += "\"}\n"
    }
    return line
  }

  /// To the microsecond: `0.000214`.
  private static func seconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let fraction = String(attoseconds / 1_000_000_000_000)
    return "\(seconds)." + String(repeating: "0", count: 6 - fraction.utf8.count) + fraction
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

/// What a request's route finds out about it, for the access log.
final class RequestRecord: Sendable {
  private let user = Atomic<User.ID>(0)

  /// nil as long as it is not known. No user has the id 0.
  var userID: User.ID? {
    let id = user.load(ordering: .relaxed)
    return id == 0 ? nil : id
  }

  func note(_ id: User.ID) {
    user.store(id, ordering: .relaxed)
  }
}
