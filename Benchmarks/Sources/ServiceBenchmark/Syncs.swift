import BenchmarkSupport
import Foundation

extension Bench {
  /// How often the server has the disk sync for a request that is durable when it is answered. Where processes cannot be traced, as in
  /// many containers, there is no such row.
  func measureSyncs(_ small: Population, _ report: inout Report) async throws {
    let served = try small.copied(to: newDirectory())
    let counts = served.directory.appending(path: "syncs")
    guard let running = try? serveTraced(served, counts) else {
      return FileHandle.standardError.write(Data("syncs are not counted: strace cannot trace the server here\n".utf8))
    }
    let load: Load
    do {
      defer { running.stop() }
      load = try await running.load(.resets(users: 1..<small.users + 1), seconds: plan.seconds)
    }
    let syncs = calls(in: try String(contentsOf: counts, encoding: .utf8))
    report.add(
      "syncs for a POST /reset_password, 64 connections", "\(Int(syncs)) for \(Int(load.requests))", against: "requests",
      ratio: syncs / load.requests, atMost: 0.4)
  }

  /// Only the system calls that are counted stop the server, which strace has to start itself for that.
  private func serveTraced(_ population: Population, _ counts: URL) throws -> RunningServer {
    try RunningServer("/usr/bin/env", in: population.directory) { port in
      [
        "strace", "--follow-forks", "--seccomp-bpf", "--summary-only", "--trace=fsync,fdatasync",
        "--output=\(counts.path(percentEncoded: false))",
        server, "--host", "127.0.0.1", "--port", "\(port)", "--database", "auth.sqlite",
      ]
    }
  }
}

/// What the table of strace sums up: percent, seconds, microseconds for a call, calls, errors or nothing, name.
private func calls(in table: String) -> Double {
  var calls = 0.0
  for line in table.split(separator: "\n") {
    let cells = line.split(separator: " ")
    if let name = cells.last, cells.count >= 5, ["fsync", "fdatasync"].contains(name) { calls += Double(cells[3]) ?? 0 }
  }
  return calls
}
