import BenchmarkSupport
import Foundation

extension Bench {
  /// A lookup whose page the kernel has to read from the disk holds the thread it runs on. `GET /` asks nothing of the file, and
  /// shows what that costs everybody else.
  func measureColdFile(_ large: Population, _ report: inout Report) async throws {
    let running = try serve(large)
    defer { running.stop() }
    let profiles = Requests.profile(sessions: large.sessions)
    func bothLoads() async throws -> (home: Load, profiles: Load) {
      async let lookUps = running.load(profiles, seconds: plan.seconds)
      let home = try await running.load(Requests(path: "/", script: ""), seconds: plan.seconds, connections: 8)
      return (home, try await lookUps)
    }
    let file = large.file.path(percentEncoded: false)
    let turns = try await Turns(plan.repetitions) {
      try await repeating {
        try forgetPages(of: file)
        try await Task.sleep(for: .milliseconds(20))
      } while: {
        try await bothLoads()
      }
    } against: {
      try await bothLoads()
    }
    report.add(
      "GET /profile, random ones of \(large.sessions.count) sessions, from the disk",
      "\(Int(turns.subject(\.profiles.requestsPerSecond)))/s", against: "from memory",
      ratio: turns.ratio(of: \.profiles.requestsPerSecond))
    report.add(
      "p99 of GET / meanwhile", "\(number(turns.subject(\.home.p99Milliseconds))) ms", against: "from memory",
      ratio: turns.ratio(of: \.home.p99Milliseconds), atMost: 2)
  }
}

/// Makes the kernel read a file from the disk the next time.
private func forgetPages(of path: String) throws {
  let file = open(path, O_RDONLY)
  guard file >= 0 else { throw CommandFailure(message: "\(path) cannot be opened") }
  defer { close(file) }
  guard posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0 else {
    throw CommandFailure(message: "the pages of \(path) are kept in memory")
  }
}
