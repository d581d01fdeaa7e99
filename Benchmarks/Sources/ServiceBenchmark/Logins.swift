import BenchmarkSupport

/// That log in without pause, each with an account of its own.
private let connections = 16

extension Bench {
  /// What profiles suffer from passwords that are hashed at the same time, at the default cost.
  func measureLogIns(_ small: Population, _ report: inout Report) async throws {
    let copy = try small.copied(to: newDirectory())
    let running = try serve(copy)
    defer { running.stop() }
    // A login ends the user's other sessions: those who log in are not those whose profiles are asked for.
    let logIns = Requests.logIns(users: small.users + 1 - connections..<small.users + 1)
    let profiles = Requests.profile(sessions: 0..<small.sessions.upperBound - 2 * connections)
    var logInsPerSecond: [Double] = []
    let turns = try await Turns(plan.repetitions) {
      async let others = running.load(logIns, seconds: plan.seconds + 2, connections: connections)
      try await Task.sleep(for: .seconds(1))
      let load = try await running.load(profiles, seconds: plan.seconds)
      logInsPerSecond.append(try await others.requestsPerSecond)
      // Passwords whose clients have gone may still be hashed.
      try await Task.sleep(for: .seconds(2))
      return load
    } against: {
      try await running.load(profiles, seconds: plan.seconds)
    }
    report.add(
      "GET /profile while \(connections) connections log in", turns.requestsPerSecond, against: "without them",
      ratio: turns.ratio(of: \.requestsPerSecond), atLeast: 0.60)
    report.add("p99 of the same", turns.p99, against: "without them", ratio: turns.ratio(of: \.p99Milliseconds), atMost: 3)
    report.add("logins a second meanwhile", number(median(logInsPerSecond)))
  }
}
