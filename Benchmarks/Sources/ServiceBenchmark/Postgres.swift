import AuthCore
import BenchmarkSupport

extension Bench {
  private static let hashing = ["--bcrypt-cost", "10"]

  /// The service on PostgreSQL against the service on a file with the same accounts.
  func measurePostgres(_ report: inout Report) async throws {
    let population = try await Population.make(users: 1000, in: newDirectory(), hasher: BcryptHasher(cost: 10))
    let cluster = try PostgresCluster(in: newDirectory())
    defer { cluster.stop() }
    _ = try run([server, "copy", "--from", population.file.path(percentEncoded: false), "--to", cluster.url])
    let file = try serve(population, Self.hashing)
    defer { file.stop() }
    let nodes = try (0..<2).map { _ in
      try RunningServer.authServer(server, in: newDirectory(), Self.hashing, database: cluster.url)
    }
    defer { nodes.forEach { $0.stop() } }

    let profiles = Requests.profile(sessions: population.sessions)
    let reads = try await Turns(plan.repetitions) {
      try await nodes[0].load(profiles, seconds: plan.seconds)
    } against: {
      try await file.load(profiles, seconds: plan.seconds)
    }
    report.add(
      "GET /profile on PostgreSQL", reads.requestsPerSecond, against: "on SQLite",
      ratio: reads.ratio(of: \.requestsPerSecond), atLeast: 0.5)
    try await measureNodes(nodes, cluster, profiles, &report)

    let logIns = Requests.logIns(users: 1..<population.users + 1)
    let hashed = try await Turns(plan.repetitions) {
      try await nodes[0].load(logIns, seconds: plan.seconds, connections: 16)
    } against: {
      try await file.load(logIns, seconds: plan.seconds, connections: 16)
    }
    report.add(
      "logins at cost 10 on PostgreSQL", hashed.requestsPerSecond, against: "on SQLite",
      ratio: hashed.ratio(of: \.requestsPerSecond), atLeast: 0.95)
  }

  /// The processor time of a profile, of all processes, when two servers share the database, each as busy as the one alone.
  private func measureNodes(
    _ nodes: [RunningServer], _ cluster: PostgresCluster, _ profiles: Requests, _ report: inout Report
  ) async throws {
    func seconds() throws -> Double { try nodes.map(\.processorSeconds).reduce(0, +) + cluster.processorSeconds() }
    let costs = try await Turns(plan.repetitions) {
      let start = try seconds()
      async let first = nodes[0].load(profiles, seconds: plan.seconds)
      async let second = nodes[1].load(profiles, seconds: plan.seconds)
      let requests = try await first.requests + second.requests
      return try (seconds() - start) / requests
    } against: {
      let start = try seconds()
      let requests = try await nodes[0].load(profiles, seconds: plan.seconds).requests
      return try (seconds() - start) / requests
    }
    report.add(
      "processor time of GET /profile on two servers", "\(Int(costs.subject { $0 } * 1_000_000)) µs", against: "on one",
      ratio: costs.ratio { $0 }, atMost: 1.1)
  }
}
