package import Foundation

/// A server program under measurement, with a directory of its own for what it writes. It ends with ``stop()``.
package final class RunningServer: Sendable {
  /// `http://127.0.0.1:` and the port.
  package let address: String
  /// From the start of the program to its first answer.
  package let secondsToFirstAnswer: Double
  private let process = Process()

  /// Starts the program and returns when it answers.
  ///
  /// - Parameters:
  ///   - arguments: given the port that it is to listen on.
  ///   - directory: where it works, and leaves its log.
  package init(
    _ path: String, in directory: URL, environment: [String: String] = [:], answering route: String = "/",
    arguments: (_ port: Int) -> [String]
  ) throws {
    let port = try freePort()
    address = "http://127.0.0.1:\(port)"
    // A file, not a pipe: a server that writes a line for each login would wait for somebody to read it.
    let log = directory.appending(path: "server.log")
    try Data().write(to: log)
    process.executableURL = URL(filePath: path)
    process.arguments = arguments(port)
    process.currentDirectoryURL = directory
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = try FileHandle(forWritingTo: log)
    process.standardError = process.standardOutput
    unblockSignals()
    let start = ContinuousClock.now
    try process.run()
    let deadline = start + .seconds(120)
    while !answers(port: port, route: route) {
      guard process.isRunning, ContinuousClock.now < deadline else {
        process.terminate()
        throw CommandFailure(message: "\(path) does not start:\n\(try String(contentsOf: log, encoding: .utf8))")
      }
      usleep(1_000)
    }
    secondsToFirstAnswer = (ContinuousClock.now - start) / .seconds(1)
  }

  /// An AuthServer whose database is `auth.sqlite` in the directory.
  ///
  /// - Parameter database: another one.
  package static func authServer(
    _ path: String, in directory: URL, _ options: [String] = [], database: String = "auth.sqlite"
  ) throws -> RunningServer {
    try RunningServer(path, in: directory) { port in
      ["--host", "127.0.0.1", "--port", "\(port)", "--database", database] + options
    }
  }

  /// What the program and its descendants keep in memory: the sum of their resident sets.
  package var residentMebibytes: Double {
    processes(descendingFrom: process.processIdentifier).map(residentKibibytes).reduce(0, +) / 1024
  }

  /// The processor time, in seconds, that the program and its descendants have had.
  package var processorSeconds: Double {
    processes(descendingFrom: process.processIdentifier).map(BenchmarkSupport.processorSeconds).reduce(0, +)
  }

  /// Returns when it has ended. What it runs is told to end as well: a tracer takes no such signal, and ends with the program in it.
  package func stop() {
    for process in processes(descendingFrom: process.processIdentifier) { kill(process, SIGTERM) }
    process.waitUntilExit()
  }
}

/// A directory that is gone afterwards.
package func withTemporaryDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let directory = try makeDirectory(in: .temporaryDirectory)
  defer { try? FileManager.default.removeItem(at: directory) }
  return try body(directory)
}

/// The same, on whatever disk `parent` is.
package func withTemporaryDirectory<Result>(in parent: URL, _ body: (URL) async throws -> Result) async throws -> Result {
  let directory = try makeDirectory(in: parent)
  defer { try? FileManager.default.removeItem(at: directory) }
  return try await body(directory)
}

private func makeDirectory(in parent: URL) throws -> URL {
  let directory = parent.appending(path: "swift-auth-benchmark-\(UUID())")
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  return directory
}

private func processes(descendingFrom parent: Int32) -> [Int32] {
  let children = (try? String(contentsOfFile: "/proc/\(parent)/task/\(parent)/children", encoding: .utf8)) ?? ""
  return [parent] + children.split(separator: " ").compactMap { Int32($0) }.flatMap(processes)
}

private func residentKibibytes(of process: Int32) -> Double {
  let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
  return status.firstMatch(of: /VmRSS:\s+(\d+) kB/).flatMap { Double($0.1) } ?? 0
}

/// The time, in seconds, that a process has had, in user mode and in the kernel.
func processorSeconds(of process: Int32) -> Double {
  // proc(5): the second field is in parentheses and may have spaces; the 14th and 15th are the times.
  let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
  let fields = status.split(separator: ")").last?.split(separator: " ") ?? []
  guard fields.count > 12, let user = Double(fields[11]), let kernel = Double(fields[12]) else { return 0 }
  return (user + kernel) / Double(sysconf(Int32(_SC_CLK_TCK)))
}
