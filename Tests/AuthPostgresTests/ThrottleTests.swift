#if Postgres
import AuthCore
import AuthPostgres
import AuthTesting
import Testing

/// The rules of throttles are written twice, in Swift and in SQL.
@Suite struct ThrottleTests {
  /// A generator whose numbers are the same in every run.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  private func attempt(at now: Timestamp, _ random: inout Generator) -> Throttle.Attempt {
    let throttle = { (random: inout Generator) in
      Throttle(
        threshold: .random(in: 0...4, using: &random), firstDelay: .seconds(Int.random(in: 0...40, using: &random)),
        longestDelay: .seconds(Int.random(in: 0...200, using: &random)),
        forgiveness: Bool.random(using: &random) ? .seconds(Int.random(in: 0...30, using: &random)) : nil,
        lockThreshold: Int.random(in: 0...3, using: &random) == 0 ? .random(in: 1...6, using: &random) : nil)
    }
    var limits: [Throttle.Attempt.Limit] = []
    if Bool.random(using: &random) {
      limits.append(.init(key: Throttle.Key(.loginEmail, digest: "e"), throttle: throttle(&random), isOfNetwork: false))
    }
    if limits.isEmpty || Bool.random(using: &random) {
      limits.append(.init(key: Throttle.Key(.loginNetwork, digest: "é'"), throttle: throttle(&random), isOfNetwork: true))
    }
    return Throttle.Attempt(
      limits, knownNetwork: Bool.random(using: &random) ? Throttle.Key(.loginEmail, digest: "known") : nil,
      isFromKnownDevice: Int.random(in: 0...3, using: &random) == 0,
      memory: .seconds([Int64(50), 400, 1 << 40].randomElement(using: &random)!),
      isSuccess: Int.random(in: 0...2, using: &random) == 0, at: now, alert: Bool.random(using: &random) ? alert(&random) : nil)
  }

  private func alert(_ random: inout Generator) -> Throttle.Alert {
    Throttle.Alert(
      warning: OutboxMessage(
        id: "n", kind: .failedLogins, userID: 1, email: Email(stored: "bob@me.com"), payload: "192.0.2.7",
        createdAt: Timestamp(secondsSince1970: .random(in: 0...9, using: &random))),
      lockNotice: .accountLocked, key: Throttle.Key(.alertEmail, digest: "e"), threshold: .random(in: 1...3, using: &random),
      interval: .seconds([Int64(0), 60, .max].randomElement(using: &random)!))
  }

  @Test(arguments: 1...4) func `the database settles attempts as AuthCore does`(_ seed: UInt64) async throws {
    let schema = try await TemporarySchema()
    let store = try await schema.open()
    var random = Generator(state: seed)
    var counters: [Throttle.Key: Throttle.Counter] = [:]
    var now = Timestamp(secondsSince1970: 1_700_000_000)
    var outcomes: [Throttle.Outcome] = []
    var kinds: Set<String> = []
    _ = try await store.addUser(email: Email("bob@me.com"), hashedPassword: PasswordHash("x"))
    for _ in 1...400 {
      now = now + .seconds(Int.random(in: -5...25, using: &random))
      var attempt = attempt(at: now, &random)
      // The ends of time must not overflow.
      if Int.random(in: 0...60, using: &random) == 0 {
        attempt.at = Timestamp(secondsSince1970: Bool.random(using: &random) ? .max : .min)
      }
      var expected = attempt.keys.map { counters[$0] ?? .none }
      var message: OutboxMessage?
      let outcome = attempt.settle(&expected, queueing: &message)
      #expect(try await store.settle(attempt) == outcome, "\(attempt)")
      for (key, counter) in zip(attempt.keys, expected) { counters[key] = counter.count > 0 ? counter : Throttle.Counter.none }
      #expect(try await store.findCounters(of: attempt.keys) == attempt.keys.map { counters[$0]! }, "\(attempt)")
      let queued = try await store.claimMessage(now: .distantFuture, until: .distantFuture)
      message?.tries = 1
      #expect(queued == message, "\(attempt)")
      if let queued {
        kinds.insert(queued.kind.rawValue)
        try await store.removeMessage(queued.id)
      }
      outcomes.append(outcome)
    }
    // Every kind of outcome was compared.
    #expect(outcomes.contains(.counted) && outcomes.contains(.beginsDelay))
    #expect(outcomes.contains { if case .refused = $0 { true } else { false } })
    await schema.close()
  }
}
#endif
