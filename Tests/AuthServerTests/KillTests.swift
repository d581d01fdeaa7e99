import Foundation
import TestPrograms
import Testing

/// Kills a server that works, or its database, again and again, and asks its successor for everything that it had answered.
@Suite struct KillTests {
  static let rounds = 25
  static let workers = 6

  @Test(.timeLimit(.minutes(30)))
  func `killing the server at any moment loses nothing that it has answered`() async throws {
    let directory = try TemporaryDirectory()
    try await run(["--database", directory.database]) { _, server in
      server.signal(SIGKILL)
      #expect(await server.exitStatus == -SIGKILL)
      let findings = try integrityCheck(directory.database)
      #expect(findings == "ok\n")
    }
  }

  #if Postgres
  @Test(.timeLimit(.minutes(30)))
  func `killing the server or PostgreSQL at any moment loses nothing that the server has answered`() async throws {
    let database = try await PostgresServer()
    try await run(["--database", database.url], killsDatabase: true) { round, server in
      if round.isMultiple(of: 2) {
        try await database.perform(.crash)
      } else {
        server.signal(SIGKILL)
        #expect(await server.exitStatus == -SIGKILL)
      }
    }
  }
  #endif

  /// Starts a server, gives it work, and kills it, round after round; in every second one its database, if `killsDatabase`.
  private func run(
    _ arguments: [String], killsDatabase: Bool = false,
    killing kill: @escaping (_ round: Int, _ server: ServerProcess) async throws -> Void
  ) async throws {
    let ledger = Ledger()
    var generator = SystemRandomNumberGenerator()
    for round in 1...Self.rounds {
      let server = try ServerProcess(arguments + ["--bcrypt-cost", "4"])
      let client = try await Client(port: server.port)
      for account in await ledger.takeUnchecked() { try await account.check(with: client) }

      let fatalAnswer = Int.random(in: 20...60, using: &generator)
      try await withThrowingTaskGroup { group in
        for worker in 0..<Self.workers {
          group.addTask { await work("round\(round)-worker\(worker)", with: client, ledger) }
        }
        await ledger.waitForAnswers(fatalAnswer)
        try await kill(round, server)
        server.signal(SIGTERM)
      }
      // It has survived its database.
      if round.isMultiple(of: 2), killsDatabase { #expect(await server.exitStatus == 0) }
      _ = await server.exitStatus
    }
    let server = try ServerProcess(arguments + ["--bcrypt-cost", "4"])
    let client = try await Client(port: server.port)
    for account in await ledger.takeUnchecked() { try await account.check(with: client) }
    #expect(await ledger.totalAnswers >= Self.rounds * 20)
  }

  /// Opens account after account and uses each, until the server is gone.
  private func work(_ name: String, with client: Client, _ ledger: Ledger) async {
    for number in 0... {
      var account = Account(email: "\(name)-\(number)@me.com")
      let isAlive = await account.use(with: client) { await ledger.noteAnswer() }
      await ledger.add(account)
      guard isAlive else { return }
    }
  }

  /// By SQLite's own tool, which shares no code with the server.
  private func integrityCheck(_ path: String) throws -> String {
    try Python.run(
      """
      import sqlite3, sys
      database = sqlite3.connect(sys.argv[1])
      print(*[row[0] for row in database.execute("PRAGMA integrity_check")], *database.execute("PRAGMA foreign_key_check"))
      """, path)
  }
}

/// What the servers have answered so far.
private actor Ledger {
  private(set) var totalAnswers = 0
  private var answersLeft = 0
  private var waiting: CheckedContinuation<Void, Never>?
  private var unchecked: [Account] = []

  func add(_ account: Account) { unchecked.append(account) }

  func takeUnchecked() -> [Account] {
    defer { unchecked = [] }
    return unchecked
  }

  func noteAnswer() {
    totalAnswers += 1
    answersLeft -= 1
    guard answersLeft <= 0 else { return }
    waiting?.resume()
    waiting = nil
  }

  func waitForAnswers(_ count: Int) async {
    answersLeft = count
    await withCheckedContinuation { waiting = $0 }
  }
}
