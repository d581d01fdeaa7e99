import BenchmarkSupport
import Foundation

extension Bench {
  /// Of the file that is installed.
  func measureProgram(_ report: inout Report) throws {
    let stripped = try newDirectory().appending(path: "AuthServer").path(percentEncoded: false)
    _ = try run(["strip", "-o", stripped, server])
    let megabytes = Double(try FileManager.default.attributesOfItem(atPath: stripped)[.size] as! Int) / 1e6
    report.add("stripped program", "\(number(megabytes)) MB", against: "40 MB", ratio: megabytes / 40, atMost: 1)
  }

  /// From the start of the program on the large file to the first answer.
  func measureStart(_ large: Population, _ report: inout Report) async throws {
    let milliseconds = median(
      try (0..<plan.starts).map { _ in
        let running = try serve(large)
        defer { running.stop() }
        return running.secondsToFirstAnswer * 1000
      })
    report.add(
      "start with \(large.users) users, to the first answer", "\(number(milliseconds)) ms", against: "150 ms",
      ratio: milliseconds / 150, atMost: 1)
  }

  /// Of a server on the large file, after some time of reading and writing.
  func measureMemory(_ large: Population, _ report: inout Report) async throws {
    let running = try serve(large)
    defer { running.stop() }
    let seconds = plan.secondsUntilMemoryIsRead
    async let resets = running.load(.resets(users: 1..<large.users + 1), seconds: seconds, connections: 16)
    _ = try await running.load(.profile(sessions: large.sessions), seconds: seconds)
    _ = try await resets
    let mebibytes = running.residentMebibytes
    report.add(
      "memory with \(large.users) users, after \(seconds) s of profiles and resets", "\(number(mebibytes)) MiB",
      against: "64 MiB", ratio: mebibytes / 64, atMost: 1)
  }
}
