import ArgumentParser
import AuthCore
import AuthPostgres
import BenchmarkSupport
import Foundation
import Synchronization

/// The store for PostgreSQL against pgbench on the same data, and against itself one at a time, by turns.
@main
struct PostgresBenchmark: AsyncParsableCommand {
  @Option(help: "Where to write the results as JSON.")
  var json: String?

  @Option(help: "Where the database is put: what is durable is as fast as the disk under it.")
  var directory = FileManager.default.temporaryDirectory.path(percentEncoded: false)

  @Option(help: "How many users there are, and twice as many sessions.")
  var users = 1_000_000

  @Option(parsing: .upToNextOption, help: "Measure these alone.")
  var only = Measurement.allCases

  @Flag(help: "Show that everything runs, in less than a minute. The figures mean nothing.")
  var smoke = false

  func run() async throws {
    let root = URL(filePath: directory).appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    let cluster = try PostgresCluster(in: root)
    defer {
      cluster.stop()
      try? FileManager.default.removeItem(at: root)
    }
    let store = try await PostgresStore(PostgresConfiguration(cluster.url))
    var report = Report()
    let comparison = Comparison(
      cluster: cluster, users: smoke ? 1_000 : users, store: store, seconds: smoke ? 1 : 3, repetitions: smoke ? 1 : 5)
    try comparison.populate()
    for measurement in only { try await comparison.measure(measurement, &report) }
    await store.close()
    try report.publish(json: json)
  }
}

/// What can be measured, in the order of the table.
enum Measurement: String, CaseIterable, ExpressibleByArgument {
  case lookUps, processorTime, insertions, loneWrites
}

/// The measurements on one database.
struct Comparison {
  let cluster: PostgresCluster
  let users: Int
  let store: PostgresStore
  let seconds: Int
  let repetitions: Int

  private static let tasks = 64
  private static let live = Session.Cutoff(expiringAfter: SystemClock().now, usedAfter: .distantPast)

  /// Fills the tables, which the store has made. The digest of session i is that of the text i.
  func populate() throws {
    try cluster.sql(
      """
      INSERT INTO auth.users (email, hashed_password)
        SELECT 'user' || i || '@example.com', '$2b$10$' || rpad(md5(i::text), 53, 'x') FROM generate_series(1, \(users)) i;
      """)
    try cluster.sql(
      """
      INSERT INTO auth.sessions (id, user_id, created_at, last_used_at, expires_at, methods, ip_address, user_agent, user_email)
        SELECT sha256(i::text::bytea), u, 1790000000, 1790000000, 4000000000, 'pwd', '203.0.113.7',
          'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'user' || u || '@example.com'
        FROM (SELECT i, (i - 1) % \(users) + 1 u FROM generate_series(1, \(2 * users)) i) numbers;
      """)
    try cluster.sql("VACUUM ANALYZE")
  }

  func measure(_ measurement: Measurement, _ report: inout Report) async throws {
    switch measurement {
    case .lookUps: try await lookUps(&report)
    case .processorTime: try await processorTime(&report)
    case .insertions: try await insertions(&report)
    case .loneWrites: try await loneWrites(&report)
    }
  }

  private func lookUps(_ report: inout Report) async throws {
    let profile = "SELECT user_id, user_email, last_used_at FROM auth.sessions WHERE id = $id AND expires_at > 1790000000"
    let joined = """
      SELECT u.*, s.* FROM auth.sessions s JOIN auth.users u ON u.id = s.user_id WHERE s.id = $id AND s.expires_at > 1790000000
      """
    try await lookUps("findProfile, 64 tasks", profile, atLeast: 2.0, &report) { store, id in
      try await store.findProfile(for: id, in: Self.live) != nil
    }
    try await lookUps("findSession with its user, 64 tasks", joined, atLeast: 1.8, &report) { store, id in
      try await store.findSession(id, in: Self.live) != nil
    }
  }

  private func lookUps(
    _ what: String, _ query: String, atLeast bound: Double, _ report: inout Report,
    _ find: @escaping @Sendable (PostgresStore, TokenDigest) async throws -> Bool
  ) async throws {
    let script =
      "\\set i random(1, \(2 * users))\n"
      + query.replacingOccurrences(of: "$id", with: "sha256((:i)::text::bytea)") + ";\n"
    let turns = try await Turns(repetitions) {
      try await rate(tasks: Self.tasks) { store in
        guard try await find(store, randomSession()) else { throw CommandFailure(message: "a session was not found") }
      }
    } against: {
      try max(cluster.pgbench(script, clients: 8, seconds: seconds), cluster.pgbench(script, clients: 64, seconds: seconds))
    }
    report.add(
      what, "\(Int(turns.subject { $0 }))/s", against: "pgbench, the best of 8 and 64 clients", ratio: turns.ratio { $0 },
      atLeast: bound)
  }

  /// Of the server and of this process, for a profile.
  private func processorTime(_ report: inout Report) async throws {
    func cost(tasks: Int) async throws -> Double {
      let start = try (cluster.processorSeconds(), ownProcessorSeconds())
      let rate = try await rate(tasks: tasks) { store in
        _ = try await store.findProfile(for: randomSession(), in: Self.live)
      }
      let used = try (cluster.processorSeconds() - start.0) + (ownProcessorSeconds() - start.1)
      return used / (rate * Double(seconds))
    }
    let turns = try await Turns(repetitions) {
      try await cost(tasks: Self.tasks)
    } against: {
      try await cost(tasks: 1)
    }
    let microseconds = Int(turns.subject { $0 } * 1_000_000)
    report.add(
      "processor time of findProfile, 64 tasks", "\(microseconds) µs", against: "one task", ratio: turns.ratio { $0 },
      atMost: 0.45)
  }

  private func insertions(_ report: inout Report) async throws {
    @Sendable func insert(_ store: PostgresStore) async throws {
      let session = newSession(of: .random(in: 1...Int64(users)))
      _ = try await store.addSession(
        session, limit: 20, live: Self.live, ifPassword: nil, replacing: nil, settling: nil, recognizing: nil)
    }
    // A batch is one sync. How much that saves depends on the disk; those of clouds often take milliseconds.
    for (delay, what) in [(0, ""), (2_000, ", syncs 2 ms longer")] {
      try cluster.delayCommits(microseconds: delay)
      let alone = try await Turns(repetitions) {
        try await rate(tasks: Self.tasks, insert)
      } against: {
        try await rate(tasks: 1, insert)
      }
      report.add(
        "addSession with limit, 64 tasks\(what)", "\(Int(alone.subject { $0 }))/s", against: "one task",
        ratio: alone.ratio { $0 }, atLeast: 6)
    }
    try cluster.delayCommits(microseconds: 0)
    let others = try await Turns(repetitions) {
      try await rate(tasks: Self.tasks, insert)
    } against: {
      try cluster.simpleUpdates(clients: 64, seconds: seconds)
    }
    report.add("addSession with limit, 64 tasks", "", against: "pgbench -N, 64 clients", ratio: others.ratio { $0 }, atLeast: 1)
  }

  private func loneWrites(_ report: inout Report) async throws {
    // The same work, and a commit that waits for the disk.
    let script = """
      \\set u random(1, \(users))
      SELECT s.outcome, auth.flush_1() FROM auth.add_session_1(
        sha256(random()::text::bytea), :u, 1, 1790000000, 4000000000, NULL, 'pwd', '203.0.113.7', 'agent', 20, 1790000000, 0,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) s;

      """
    let turns = try await Turns(repetitions) {
      try await rate(tasks: 1) { store in
        let session = newSession(of: .random(in: 1...Int64(users)))
        _ = try await store.addSession(
          session, limit: 20, live: Self.live, ifPassword: nil, replacing: nil, settling: nil, recognizing: nil)
      }
    } against: {
      try cluster.pgbench(script, clients: 1, seconds: seconds)
    }
    report.add(
      "a lone addSession", "\(Int(turns.subject { $0 }))/s", against: "the same in one statement by pgbench, one client",
      ratio: turns.ratio { $0 }, atLeast: 0.75)
  }

  /// Operations a second of so many tasks.
  private func rate(
    tasks: Int, _ operation: @escaping @Sendable (PostgresStore) async throws -> Void
  ) async throws -> Double {
    let deadline = ContinuousClock.now + .seconds(seconds)
    let start = ContinuousClock.now
    let store = store
    let counts = try await withThrowingTaskGroup { group in
      for _ in 0..<tasks {
        group.addTask {
          var count = 0
          while ContinuousClock.now < deadline {
            try await operation(store)
            count += 1
          }
          return count
        }
      }
      return try await group.reduce(0, +)
    }
    return Double(counts) / ((ContinuousClock.now - start) / .seconds(1))
  }

  private func randomSession() -> TokenDigest { SessionID("\(Int.random(in: 1...(2 * users)))").digest }

  private func newSession(of user: User.ID) -> Session {
    let now = SystemClock().now
    return Session(
      id: SessionID("\(UInt64.random(in: .min ... .max)) \(UInt64.random(in: .min ... .max))").digest, userID: user,
      createdAt: now, lastUsedAt: now, expiresAt: now + .seconds(86_400), methods: [.password], ipAddress: "203.0.113.7",
      userAgent: "agent")
  }

  private func ownProcessorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
}
