import AuthCore
import AuthTesting
import Testing

@Suite struct ManualClockTests {
  private let start = Timestamp(secondsSince1970: 1_000)

  @Test func `it stands still until it is turned`() {
    let clock = ManualClock(start)
    #expect(clock.now == start)
    #expect(clock.now == start)
  }

  @Test(
    arguments: [
      ([.seconds(5)], 1_005), ([.seconds(5), .seconds(-7)], 998), ([.milliseconds(500)], 1_000),
      ([.milliseconds(500), .milliseconds(500)], 1_001), ([.zero], 1_000),
    ] as [([Duration], Int64)])
  func `turns add up, in either direction`(by turns: [Duration], to expected: Int64) {
    let clock = ManualClock(start)
    for turn in turns { clock.advance(by: turn) }
    #expect(clock.now.secondsSince1970 == expected)
  }

  @Test func `set, it shows that moment and nothing of former turns`() {
    let clock = ManualClock(start)
    clock.advance(by: .milliseconds(1_900))
    clock.set(to: Timestamp(secondsSince1970: 7))
    #expect(clock.now.secondsSince1970 == 7)
    clock.advance(by: .milliseconds(900))
    #expect(clock.now.secondsSince1970 == 7)
  }

  @Test func `turned by many tasks at once it loses no turn`() async {
    let clock = ManualClock(start)
    await withTaskGroup { group in
      for _ in 0..<100 { group.addTask { clock.advance(by: .seconds(1)) } }
    }
    #expect(clock.now == start + .seconds(100))
  }
}
