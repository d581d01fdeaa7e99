import AuthCore
import BenchmarkSupport
import Foundation

extension Bench {
  /// Requests that are durable when they are answered, against transactions one after the other.
  func measureResets(_ small: Population, _ report: inout Report) async throws {
    let served = try small.copied(to: newDirectory())
    let running = try serve(served)
    defer { running.stop() }
    let transactions = try ResetTransactions(small.copied(to: newDirectory()))
    let resets = Requests.resets(users: 1..<small.users + 1)
    let turns = try await Turns(plan.repetitions) {
      try await running.load(resets, seconds: plan.seconds).requestsPerSecond
    } against: {
      try transactions.perSecond(seconds: plan.seconds)
    }
    report.add(
      "POST /reset_password, 64 connections", "\(Int(turns.subject { $0 }))/s",
      against: "one transaction and sync after the other", ratio: turns.ratio { $0 }, atLeast: 2.5)
  }
}

/// What a reset token takes, by plain libsqlite3.
private final class ResetTransactions {
  private let population: Population
  private let database: SQLite
  private let begin, delete, insert, update, commit: Statement

  init(_ population: Population) throws {
    self.population = population
    database = try SQLite(population.file)
    try database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
    begin = try database.prepare("BEGIN IMMEDIATE")
    delete = try database.prepare("DELETE FROM reset_tokens WHERE user_id = ?1")
    insert = try database.prepare(
      "INSERT INTO reset_tokens (id, user_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?3 + 3600)")
    update = try database.prepare("UPDATE users SET reset_token = ?2 WHERE id = ?1")
    commit = try database.prepare("COMMIT")
  }

  func perSecond(seconds: Int) throws -> Double {
    let start = ContinuousClock.now
    var count = 0
    while ContinuousClock.now < start + .seconds(seconds) {
      try reset(.random(in: 1...Int64(population.users)), token: ResetToken(UUID().uuidString).digest)
      count += 1
    }
    return Double(count) / ((ContinuousClock.now - start) / .seconds(1))
  }

  private func reset(_ user: Int64, token: TokenDigest) throws {
    try begin.run()
    try delete.run(.integer(user))
    try insert.run(.text(token.hex), .integer(user), .integer(SystemClock().now.secondsSince1970))
    try update.run(.integer(user), .text(token.hex))
    try commit.run()
  }
}
