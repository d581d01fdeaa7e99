import AuthCore
import AuthTesting
import Testing

@testable import AuthServer

@Suite struct DateHeaderTests {
  /// The example of RFC 9110, 5.6.7, a leap day, and the first second of all.
  @Test(arguments: [
    (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
    (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
  ])
  func `a moment is written as HTTP has it`(_ seconds: Int64, _ text: String) {
    #expect(DateHeader.format(seconds) == text)
  }

  @Test func `the date is that of the moment, forward and back`() {
    let clock = ManualClock(Timestamp(secondsSince1970: 784_111_777))
    let date = DateHeader(clock: clock)
    #expect(date.value == "Sun, 06 Nov 1994 08:49:37 GMT")
    clock.advance(by: .milliseconds(999))
    #expect(date.value == "Sun, 06 Nov 1994 08:49:37 GMT")
    clock.advance(by: .milliseconds(1))
    #expect(date.value == "Sun, 06 Nov 1994 08:49:38 GMT")
    clock.advance(by: .seconds(-1))
    #expect(date.value == "Sun, 06 Nov 1994 08:49:37 GMT")
  }
}
