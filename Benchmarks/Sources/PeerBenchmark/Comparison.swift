import BenchmarkSupport
import Foundation

/// Services that run at the same time, the first of them ours, with the same accounts.
struct Comparison {
  private let services: [any Service]
  private let servers: [RunningServer]

  /// Starts the services and registers the accounts.
  init(of services: [any Service], in directory: URL) throws {
    self.services = services
    var servers: [RunningServer] = []
    do {
      for (number, service) in services.enumerated() {
        let own = directory.appending(path: "\(number)")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        let server = try service.start(in: own)
        servers.append(server)
        for account in Account.all { _ = try service.registration(of: account).send(to: server) }
        try checkCosts(of: service, in: own)
      }
    } catch {
      servers.forEach { $0.stop() }
      throw error
    }
    self.servers = servers
  }

  func measure(_ plan: Plan, _ report: inout Report) throws {
    let logIns = services.map { service in Account.all.map(service.logIn) }
    let logInRounds = try rounds(plan, connections: Account.all.count, logIns)
    let load = "\(Account.all.count) connections"
    add("logins a second, cost \(cost), \(load)", logInRounds, \.requestsPerSecond, atLeast: [1, 1, 1], &report)
    addTimes("log in, \(load)", logInRounds, &report)

    // After the logins, because in the specification each ends the account's session before.
    let reads = try zip(services, servers).map { service, server in
      try Account.all.map { try service.read(afterLogIn: service.logIn(to: $0).send(to: server)) }
    }
    let readRounds = try rounds(plan, connections: 64, reads)
    add("reads of the own account a second, 64 connections", readRounds, \.requestsPerSecond, atLeast: [5, nil, 10], &report)
    addTimes("read, 64 connections", readRounds, &report)

    add("resident memory after that, MiB", [servers.map(\.residentMebibytes)], \.self, &report)
  }

  func stop() {
    servers.forEach { $0.stop() }
  }

  /// In each round every service is put under load once.
  private func rounds(_ plan: Plan, connections: Int, _ requests: [[Request]]) throws -> [[Load]] {
    try (0..<plan.rounds).map { _ in
      try zip(servers, requests).map { server, requests in
        try wrk(server.address, connections: connections, seconds: plan.seconds, script: Request.script(requests))
      }
    }
  }

  private func addTimes(_ what: String, _ rounds: [[Load]], _ report: inout Report) {
    add("median time of a \(what), ms", rounds, \.medianMilliseconds, &report)
    add("99th percentile of it, ms", rounds, \.p99Milliseconds, &report)
  }

  /// Adds a row for each peer: ours, the peer's, and the median of the ratios of each round.
  private func add<Result>(
    _ what: String, _ rounds: [[Result]], _ figure: KeyPath<Result, Double>, atLeast: [Double?] = [nil, nil, nil],
    _ report: inout Report
  ) {
    let figures = services.indices.map { service in rounds.map { $0[service][keyPath: figure] } }
    for (peer, bound) in zip(services.indices.dropFirst(), atLeast) {
      report.add(
        what, number(median(figures[0])), against: "\(services[peer].name): \(number(median(figures[peer])))",
        ratio: median(zip(figures[0], figures[peer]).map { $0 / $1 }), atLeast: bound)
    }
  }
}

/// The comparison is of services that hash at the same cost: that is seen in what they have stored.
private func checkCosts(of service: any Service, in directory: URL) throws {
  let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
  let costs = files.compactMap { try? Data(contentsOf: $0) }.flatMap { data in
    String(decoding: data, as: UTF8.self).matches(of: /\$2[aby]\$(\d\d)\$/).compactMap { Int($0.1) }
  }
  guard Set(costs) == [cost] else {
    throw CommandFailure(message: "\(service.name) hashes at cost \(Set(costs).sorted()), not \(cost)")
  }
}
