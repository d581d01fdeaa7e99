internal import AuthCore
internal import Glibc
internal import Synchronization

/// The value of `Date` (RFC 9110, 6.6.1 and 5.6.7), made once a second.
final class DateHeader: Sendable {
  private let clock: any WallClock
  private let last = Mutex<(second: Int64, value: String)>((.min, ""))

  init(clock: any WallClock = SystemClock()) {
    self.clock = clock
  }

  var value: String {
    let now = clock.now.secondsSince1970
    return last.withLock { last in
      if last.second != now { last = (now, Self.format(now)) }
      return last.value
    }
  }

  static func format(_ secondsSince1970: Int64) -> String {
    var seconds = time_t(secondsSince1970)
    var parts = unsafe tm()
    // SAFETY: both live until the call returns, as does the buffer below, which is longer than any date.
    unsafe gmtime_r(&seconds, &parts)
    // In English, because this process never sets another locale.
    return unsafe String(unsafeUninitializedCapacity: 64) { buffer in
      guard let start = buffer.baseAddress else { return 0 }
      return unsafe start.withMemoryRebound(to: CChar.self, capacity: buffer.count) { text in
        unsafe strftime(text, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
      }
    }
  }
}
