import AuthCore
import AuthTesting
import CoreMetrics
import MetricsTestKit
import Testing

@testable import AuthDB

@Suite struct StoreMetricsTests {
  private let database: TemporaryDatabase
  private let metrics = TestMetrics()
  init() throws { database = try TemporaryDatabase() }

  private func open(busyTimeout: Duration = patience) async throws -> SQLiteStore {
    try await withMetricsFactory(metrics) { try await SQLiteStore(path: database.path, busyTimeout: busyTimeout) }
  }

  private func total(_ label: String) -> Int64 { metrics.counterTotal(label: label) }

  private func addUser(_ name: String, to store: SQLiteStore) async throws {
    _ = try await store.addUser(email: Email("\(name)@me.com"), hashedPassword: PasswordHash("x"))
  }

  @Test func `lookups, writes and syncs are counted`() async throws {
    let store = try await open()
    try await addUser("bob", to: store)
    for _ in 1...3 { _ = try await store.findUser(by: .id(1)) }
    await #expect(throws: StoreError.noResultFound) { try await store.updateUser(7, .endSessions) }
    try await store.updateUser(1, .hashedPassword(PasswordHash("y")))
    // Changes nothing, and is not synced.
    _ = try await store.replaceHashedPassword(of: 1, PasswordHash("z"), with: PasswordHash("z"))
    #expect(total("auth_store_lookups_total") == 3)
    #expect(total("auth_store_writes_total") == 3)
    #expect(total("auth_store_syncs_total") == 2)
    #expect(total("auth_store_failures_total") == 0)
    #expect(try metrics.expectTimer("auth_store_wait_seconds").values.count == 4)
    #expect(try metrics.expectTimer("auth_store_turn_seconds").values.count == 4)
  }

  @Test func `writes that share a transaction are one group, and one sync`() async throws {
    let store = try await open()
    // Holds the writer up until all the others wait.
    let (gate, opening) = (Monitor(false), Monitor(false))
    async let first: Void = store.readOnWriter { _ in
      opening.update { $0 = true }
      gate.wait { $0 ? () : nil }
    }
    await withCheckedContinuation { continuation in
      startThread {
        opening.wait { $0 ? () : nil }
        continuation.resume()
      }
    }
    let others = (1...5).map { number in Task.immediate { try await addUser("user\(number)", to: store) } }
    gate.update { $0 = true }
    try await first
    for other in others { try await other.value }
    #expect(try metrics.expectRecorder("auth_store_group_size").values == [5])
    #expect(total("auth_store_writes_total") == 5)
    #expect(total("auth_store_syncs_total") == 1)
  }

  @Test func `a lock of another process is counted, and the failure that comes of it`() async throws {
    _ = try await open()
    let store = try await open(busyTimeout: .milliseconds(1))
    let other = ForeignConnection(database.path)
    other.run("BEGIN IMMEDIATE")
    await #expect(throws: StoreError.self) { try await addUser("bob", to: store) }
    other.run("COMMIT")
    #expect(total("auth_store_busy_total") == 1)
    #expect(total("auth_store_failures_total") == 1)
  }
}
