import CoreMetrics
import MetricsTestKit
import Testing

@testable import AuthCore

/// One lane, which takes no call before the gate is open; by estimate exactly two calls may wait.
@Suite(.timeLimit(.minutes(10))) struct HashingMetricsTests {
  private let metrics = TestMetrics()
  private let gate = Monitor(false)

  private func makeHasher() -> BcryptHasher {
    withMetricsFactory(metrics) {
      BcryptHasher(
        cost: 4,
        engine: BcryptEngine(
          threads: 1, lanesPerThread: 1, maximumWait: .milliseconds(210), secondsPerRound: 65e-4, startingAt: gate))
    }
  }

  private func value(_ label: String) throws -> Double? { try metrics.expectMeter(label).lastValue }

  @Test func `queue, lanes, waits, times and refusals are reported, and nothing is left of them afterwards`() async throws {
    let hasher = makeHasher()
    #expect(try value("auth_hashing_lanes") == 1)
    #expect(!hasher.isOverloaded)
    let admitted = (1...3).map { _ in Task.immediate { try await hasher.hash(Password("a")) } }
    #expect(try value("auth_hashing_queue_length") == 3)
    #expect(hasher.isOverloaded)
    await #expect(throws: PasswordHasherError.self) { try await hasher.hash(Password("b")) }
    #expect(metrics.counterTotal(label: "auth_hashing_refused_total") == 1)
    #expect(try value("auth_hashing_queue_length") == 3)
    admitted[1].cancel()
    #expect(await (try? admitted[1].value) == nil)
    #expect(try value("auth_hashing_queue_length") == 2)

    gate.update { $0 = true }
    for call in [admitted[0], admitted[2]] { _ = try await call.value }
    #expect(try value("auth_hashing_queue_length") == 0)
    #expect(try value("auth_hashing_lanes_in_use") == 0)
    #expect(try metrics.expectTimer("auth_hashing_wait_seconds").values.count == 2)
    #expect(try metrics.expectTimer("auth_hashing_duration_seconds").values.count == 2)
    #expect(!hasher.isOverloaded)
  }
}
