import ArgumentParser
import BenchmarkSupport
import Foundation

/// Puts the running service under the load of `wrk`, against Hummingbird alone, against libsqlite3 alone, and against itself in
/// other circumstances. Every figure is a ratio of two measurements of one run, taken in turn: machines are shared, and their speed
/// drifts.
@main
struct ServiceBenchmark: AsyncParsableCommand {
  @Option(help: "The AuthServer to put under load, a release build.")
  var server: String

  @Option(help: "The BareServer of this package, a release build.")
  var bare: String

  @Option(help: "Where to write the results as JSON.")
  var json: String?

  @Option(help: "Where the databases are put, some gigabytes: what is durable is as fast as the disk under it.")
  var directory = FileManager.default.temporaryDirectory.path(percentEncoded: false)

  @Flag(help: "Show that everything runs, in less than a minute. The figures mean nothing.")
  var smoke = false

  func run() async throws {
    let plan = smoke ? Plan.smoke : .full
    var report = Report()
    try await withTemporaryDirectory(in: URL(filePath: directory)) { root in
      let bench = Bench(server: server, bare: bare, plan: plan, directory: root)
      let small = try await Population.make(users: 1000, in: bench.newDirectory())
      try await bench.measureBareServer(small, &report)
      try await bench.measurePolicies(small, &report)
      try await bench.measureLogIns(small, &report)
      try await bench.measureLookUps(small, &report)
      try await bench.measureResets(small, &report)
      try await bench.measureSyncs(small, &report)

      let large = try await Population.make(users: plan.users, in: bench.newDirectory())
      try await bench.measureStart(large, &report)
      try await bench.measureSize(small, large, &report)
      try await bench.measurePurge(large, &report)
      try await bench.measureBackup(large, &report)
      try await bench.measureMigration(large, &report)
      try await bench.measureMemory(large, &report)
    }
    try report.publish(json: json)
  }
}

/// What is measured, how much, and where.
struct Bench {
  let server: String
  let bare: String
  let plan: Plan
  let directory: URL

  func newDirectory() throws -> URL {
    let new = directory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: new, withIntermediateDirectories: true)
    return new
  }

  /// An AuthServer on the file of `population`.
  func serve(_ population: Population, _ options: [String] = []) throws -> RunningServer {
    try RunningServer.authServer(server, in: population.directory, options)
  }
}

/// How much is done for each figure.
struct Plan {
  var repetitions = 5
  /// Of one load.
  var seconds = 5
  /// In the large file.
  var users = 1_000_000
  /// Turns of a few hundredths of a second, so many that what else the machine does falls on both sides alike.
  var lookUpRepetitions = 101
  var lookUps = 2000
  var secondsUntilMemoryIsRead = 60
  var starts = 5

  static let full = Plan()
  static let smoke = Plan(
    repetitions: 1, seconds: 1, users: 1000, lookUpRepetitions: 3, secondsUntilMemoryIsRead: 1, starts: 1)
}
