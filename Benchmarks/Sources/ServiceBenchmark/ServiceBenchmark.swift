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

  @Option(parsing: .upToNextOption, help: "Measure these alone.")
  var only = Measurement.allCases

  @Flag(help: "Show that everything runs, in less than a minute. The figures mean nothing.")
  var smoke = false

  func run() async throws {
    let plan = smoke ? Plan.smoke : .full
    var report = Report()
    try await withTemporaryDirectory(in: URL(filePath: directory)) { root in
      let bench = Bench(server: server, bare: bare, plan: plan, directory: root)
      let small = try await Population.make(users: 1000, in: bench.newDirectory())
      for measurement in only where !measurement.isOfLargeFile { try await bench.measure(measurement, small, small, &report) }
      guard only.contains(where: \.isOfLargeFile) else { return }
      // Afterwards, for it leaves the disk much to do.
      let large = try await Population.make(users: plan.users, in: bench.newDirectory())
      for measurement in only where measurement.isOfLargeFile { try await bench.measure(measurement, small, large, &report) }
    }
    try report.publish(json: json)
  }
}

/// What can be measured, in the order of the table.
enum Measurement: String, CaseIterable, ExpressibleByArgument {
  case bare, policies, checks, observability, logIns, lookUps, resets, enumeration, syncs, program, postgres
  case start, size, coldFile, purge, backup, migration, memory

  var isOfLargeFile: Bool {
    switch self {
    case .bare, .policies, .checks, .observability, .logIns, .lookUps, .resets, .enumeration, .syncs, .program, .postgres: false
    case .start, .size, .coldFile, .purge, .backup, .migration, .memory: true
    }
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

extension Bench {
  /// - Parameter large: for what ``Measurement/isOfLargeFile``; any other file does for the rest.
  fileprivate func measure(
    _ measurement: Measurement, _ small: Population, _ large: Population, _ report: inout Report
  ) async throws {
    switch measurement {
    case .bare: try await measureBareServer(small, &report)
    case .policies: try await measurePolicies(small, &report)
    case .checks: try await measureChecks(small, &report)
    case .observability: try await measureObservability(small, &report)
    case .logIns: try await measureLogIns(small, &report)
    case .lookUps: try await measureLookups(small, &report)
    case .resets: try await measureResets(small, &report)
    case .enumeration: try await measureEnumeration(&report)
    case .syncs: try await measureSyncs(small, &report)
    case .program: try measureProgram(&report)
    case .postgres: try await measurePostgres(&report)
    case .start: try await measureStart(large, &report)
    case .size: try await measureSize(small, large, &report)
    case .coldFile: try await measureColdFile(large, &report)
    case .purge: try await measurePurge(large, &report)
    case .backup: try await measureBackup(large, &report)
    case .migration: try await measureMigration(large, &report)
    case .memory: try await measureMemory(large, &report)
    }
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
  /// Of each request that must not show whether an account has its email.
  var tries = 200
  var secondsUntilMemoryIsRead = 60
  var starts = 5

  static let full = Plan()
  static let smoke = Plan(
    repetitions: 1, seconds: 1, users: 1000, lookUpRepetitions: 3, tries: 3, secondsUntilMemoryIsRead: 1, starts: 1)
}
