import ArgumentParser
import BenchmarkSupport
import Foundation

/// Compares AuthServer as a whole with PocketBase, and with what the specification asked for in the first place: a service in Flask.
/// All run at once and are put under load in turn: machines are shared, and their speed drifts.
@main
struct PeerBenchmark: ParsableCommand {
  @Option(help: "The AuthServer to compare, a release build.")
  var server: String

  @Option(help: "The program of PocketBase.")
  var pocketbase: String

  @Option(help: "A Python with Flask, SQLAlchemy, bcrypt and gunicorn.")
  var python: String

  @Option(help: "The directory of the service in Flask.")
  var flask: String

  @Option(help: "Where to write the results as JSON.")
  var json: String?

  @Flag(help: "Show that everything runs, in a few seconds. The figures mean nothing.")
  var smoke = false

  func run() throws {
    let services: [any Service] = [
      AuthServer(path: server), try PocketBase(path: pocketbase, recordsRequests: true),
      try PocketBase(path: pocketbase, recordsRequests: false), try FlaskService(python: python, directory: flask),
    ]
    var report = Report()
    try withTemporaryDirectory { directory in
      let comparison = try Comparison(of: services, in: directory)
      defer { comparison.stop() }
      try comparison.measure(smoke ? .smoke : .full, &report)
    }
    try report.publish(json: json)
  }
}

/// How much is done for each figure.
struct Plan {
  var rounds = 3
  var seconds = 10

  static let full = Plan()
  static let smoke = Plan(rounds: 1, seconds: 5)
}
