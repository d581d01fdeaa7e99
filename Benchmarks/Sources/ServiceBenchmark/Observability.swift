import BenchmarkSupport

extension Bench {
  /// With metrics, and with the access log too, against neither.
  func measureObservability(_ small: Population, _ report: inout Report) async throws {
    let plain = try serve(small)
    defer { plain.stop() }
    let metrics = ["--operations-listen", "127.0.0.1:0"]
    for (what, options, bound) in [
      ("metrics", metrics, 0.95), ("metrics and access log", metrics + ["--access-log"], 0.90),
    ] {
      let watched = try serve(small.copied(to: newDirectory()), options)
      defer { watched.stop() }
      let requests = Requests.profile(sessions: small.sessions)
      let turns = try await Turns(plan.repetitions) {
        try await watched.load(requests, seconds: plan.seconds)
      } against: {
        try await plain.load(requests, seconds: plan.seconds)
      }
      report.add(
        "GET /profile, with \(what)", turns.requestsPerSecond, against: "without",
        ratio: turns.ratio(of: \.requestsPerSecond), atLeast: bound)
    }
  }
}
