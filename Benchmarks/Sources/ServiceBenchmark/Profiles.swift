import BenchmarkSupport

extension Bench {
  /// One session, against a server on the same framework that knows the answer already.
  func measureBareServer(_ small: Population, _ report: inout Report) async throws {
    let running = try serve(small)
    defer { running.stop() }
    let bareRunning = try RunningServer(bare, in: newDirectory(), answering: "/profile") { ["\($0)"] }
    defer { bareRunning.stop() }
    let requests = Requests.profile(session: 0)
    let turns = try await Turns(plan.repetitions) {
      try await running.load(requests, seconds: plan.seconds)
    } against: {
      try await bareRunning.load(requests, seconds: plan.seconds)
    }
    report.add(
      "GET /profile, 64 connections", turns.requestsPerSecond, against: "Hummingbird alone",
      ratio: turns.ratio(of: \.requestsPerSecond), atLeast: 0.80)
  }

  func measurePolicies(_ small: Population, _ report: inout Report) async throws {
    let classic = try serve(small)
    defer { classic.stop() }
    let copy = try small.copied(to: newDirectory())
    let strict = try serve(copy, ["--policy", "strict", "--delivery", "log"])
    defer { strict.stop() }
    let turns = try await Turns(plan.repetitions) {
      try await strict.load(.profile(sessions: small.sessions, cookie: "__Host-session_id"), seconds: plan.seconds)
    } against: {
      try await classic.load(.profile(sessions: small.sessions), seconds: plan.seconds)
    }
    report.add(
      "GET /profile, policy strict", turns.requestsPerSecond, against: "policy classic",
      ratio: turns.ratio(of: \.requestsPerSecond), atLeast: 0.85)
  }

  func measureSize(_ small: Population, _ large: Population, _ report: inout Report) async throws {
    let few = try serve(small)
    defer { few.stop() }
    let many = try serve(large)
    defer { many.stop() }
    let turns = try await Turns(plan.repetitions) {
      try await many.load(.profile(sessions: large.sessions), seconds: plan.seconds)
    } against: {
      try await few.load(.profile(sessions: small.sessions), seconds: plan.seconds)
    }
    report.add(
      "GET /profile, random ones of \(large.sessions.count) sessions", turns.requestsPerSecond,
      against: "of \(small.sessions.count)", ratio: turns.ratio(of: \.requestsPerSecond), atLeast: 0.85)
  }
}
