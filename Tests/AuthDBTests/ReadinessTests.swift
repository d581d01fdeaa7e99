import AuthCore
import AuthTesting
import Foundation
import Testing

@testable import AuthDB

@Suite struct ReadinessTests {
  private let database: TemporaryDatabase
  init() throws { database = try TemporaryDatabase() }

  private func open(busyTimeout: Duration = patience) async throws -> SQLiteStore {
    try await SQLiteStore(path: database.path, busyTimeout: busyTimeout)
  }

  @Test func `a store is ready, in a file and in memory, and the check changes nothing`() async throws {
    let store = try await open()
    let before = try database.contents()
    try await store.checkReadiness()
    #expect(try database.contents() == before)
    try await SQLiteStore(path: ":memory:").checkReadiness()
  }

  @Test func `a store whose file was moved is not ready until the same file is back`() async throws {
    let store = try await open()
    let moved = StoreError.unavailable("the file was moved, replaced or deleted")
    try FileManager.default.moveItem(atPath: database.path, toPath: database.path + ".away")
    await #expect(throws: moved) { try await store.checkReadiness() }
    _ = FileManager.default.createFile(atPath: database.path, contents: nil)
    await #expect(throws: moved) { try await store.checkReadiness() }
    try FileManager.default.removeItem(atPath: database.path)
    try FileManager.default.moveItem(atPath: database.path + ".away", toPath: database.path)
    try await store.checkReadiness()
  }

  @Test func `a store that another process keeps locked is not ready`() async throws {
    _ = try await open()
    let store = try await open(busyTimeout: .milliseconds(1))
    let other = ForeignConnection(database.path)
    other.run("BEGIN IMMEDIATE")
    await #expect(throws: StoreError.unavailable("database is locked")) { try await store.checkReadiness() }
    other.run("COMMIT")
    try await store.checkReadiness()
  }

  @Test func `a store without room on its disk is not ready, and the reason has both numbers`() async throws {
    let store = try await open()
    let error = await #expect(throws: StoreError.self) { try await store.checkReadiness(minimumFreeBytes: .max) }
    #expect(try #require(error).description.contains(/the disk has \d+ MiB left; the server needs \d+ MiB to be ready/))
  }
}
