import Testing

@testable import AuthCore

/// NIST SP 800-63B-4: 3.2.2.
@Suite struct ThrottleTests {
  private static let start = Timestamp(secondsSince1970: 1_700_000_000)

  private let throttle = Throttle(threshold: 5, firstDelay: .seconds(2), longestDelay: .seconds(60))
  private let forgiving = Throttle(threshold: 5, firstDelay: .seconds(2), longestDelay: .seconds(60), forgiveness: .seconds(10))

  private func delay(after count: Int, _ elapsed: Int64 = 0) -> Duration? {
    throttle.delay(after: Throttle.Counter(count: count, lastAt: Self.start), at: Self.start + .seconds(elapsed))
  }

  @Test(
    arguments: [
      (0, nil), (4, nil), (5, 2), (6, 4), (7, 8), (8, 16), (9, 32), (10, 60), (11, 60), (36, 60), (37, 60), (70, 60), (.max, 60),
    ] as [(Int, Int64?)])
  func `from the threshold on, each failure doubles the delay, up to the longest`(_ count: Int, _ seconds: Int64?) {
    #expect(delay(after: count) == seconds.map { .seconds($0) })
  }

  @Test func `a delay is over after its time, to the second`() {
    #expect(delay(after: 6, 1) == .seconds(3))
    #expect(delay(after: 6, 3) == .seconds(1))
    #expect(delay(after: 6, 4) == nil)
    #expect(delay(after: 6, .max / 2) == nil)
  }

  @Test func `a first delay over the longest is cut to the longest`() {
    let throttle = Throttle(threshold: 1, firstDelay: .seconds(100), longestDelay: .seconds(60))
    #expect(throttle.delay(after: Throttle.Counter(count: 1, lastAt: Self.start), at: Self.start) == .seconds(60))
  }

  @Test func `clocks that differ a little do not end a delay`() {
    #expect(delay(after: 6, -1) == .seconds(5))
    #expect(delay(after: 6, -60) == .seconds(64))
  }

  @Test(arguments: [61, 3600, 1_000_000_000] as [Int64])
  func `a failure in the future, after a clock was set back, causes no delay`(_ seconds: Int64) {
    #expect(delay(after: 6, -seconds) == nil)
  }

  @Test(
    arguments: [
      (0, 0, 1), (4, 0, 5), (4, 9, 5), (4, 10, 4), (4, 19, 4), (4, 20, 3), (4, 40, 1), (4, 1000, 1), (4, -1000, 5), (0, 1000, 1),
      (.max - 1, .max / 2, .max - Int(.max / 20)), (4, .max / 2, 1),
    ] as [(Int, Int64, Int)])
  func `one failure is forgiven for each interval without a failure`(_ count: Int, _ elapsed: Int64, _ next: Int) {
    let now = Self.start + .seconds(elapsed)
    let counted = forgiving.adding(to: Throttle.Counter(count: count, lastAt: Self.start), at: now)
    #expect(counted == Throttle.Counter(count: next, lastAt: now))
  }

  @Test func `without forgiveness, no failure is forgiven`() {
    let now = Self.start + .seconds(1_000_000_000)
    #expect(
      throttle.adding(to: Throttle.Counter(count: 4, lastAt: Self.start), at: now) == Throttle.Counter(count: 5, lastAt: now))
  }

  @Test func `the earliest and the latest moment do no harm`() {
    let ends = [Timestamp.distantPast, Timestamp(secondsSince1970: .max), Timestamp(secondsSince1970: 0)]
    for last in ends {
      for now in ends {
        _ = forgiving.delay(after: Throttle.Counter(count: 7, lastAt: last), at: now)
        #expect(forgiving.adding(to: Throttle.Counter(count: 7, lastAt: last), at: now).count >= 1)
      }
    }
  }

  @Test func `a key identifies an email or a network without showing it`() throws {
    let network = try #require(IPNetwork("203.0.113.7"))
    let keys: [Throttle.Key] = [
      .init(.loginEmail, email: "bob@me.com"), .init(.resetEmail, email: "bob@me.com"), .init(.loginNetwork, network: network),
      .init(.resetNetwork, network: network), .init(.loginEmail, email: "203.0.113.7/32"),
    ]
    #expect(Set(keys).count == keys.count)
    for key in keys {
      #expect(!"\(key)".contains("bob") && !"\(key)".contains("203"))
      #expect(key.digest.utf8.count == 64)
    }
    func key(_ email: String) -> Throttle.Key { Throttle.Key(.loginEmail, email: email) }
    #expect(key("BOB@me.com") == key("bob@ME.com"))
    #expect(key("é") != key("e\u{301}"))
    #expect(key("\u{130}") != key("i\u{307}"))
  }
}
