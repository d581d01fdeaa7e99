import AuthCore
import AuthTesting
import Testing

@Suite("The clock turned by hand")
struct ManualClockTests {
  private let start = Timestamp(secondsSince1970: 1_000)

  @Test("it stands still until it is turned")
  func standsStill() {
    let clock = ManualClock(start)
    #expect(clock.now == start)
    #expect(clock.now == start)
  }

  @Test(
    "turns add up, in either direction",
    arguments: [
      ([.seconds(5)], 1_005), ([.seconds(5), .seconds(-7)], 998), ([.milliseconds(500)], 1_000),
      ([.milliseconds(500), .milliseconds(500)], 1_001), ([.zero], 1_000),
    ] as [([Duration], Int64)])
  func advances(by turns: [Duration], to expected: Int64) {
    let clock = ManualClock(start)
    for turn in turns { clock.advance(by: turn) }
    #expect(clock.now.secondsSince1970 == expected)
  }

  @Test("set, it shows that moment and nothing of former turns")
  func set() {
    let clock = ManualClock(start)
    clock.advance(by: .milliseconds(1_900))
    clock.set(to: Timestamp(secondsSince1970: 7))
    #expect(clock.now.secondsSince1970 == 7)
    clock.advance(by: .milliseconds(900))
    #expect(clock.now.secondsSince1970 == 7)
  }

  @Test("turned by many tasks at once it loses no turn")
  func concurrency() async {
    let clock = ManualClock(start)
    await withTaskGroup { group in
      for _ in 0..<100 { group.addTask { clock.advance(by: .seconds(1)) } }
    }
    #expect(clock.now == start + .seconds(100))
  }
}
