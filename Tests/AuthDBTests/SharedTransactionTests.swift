import AuthCore
import Synchronization
import Testing

@testable import AuthDB

/// Writes that wait for the writer at the same time share a transaction, and its sync.
@Suite struct SharedTransactionTests {
  private let file: TemporaryDatabase
  private let writer: SQLiteWriter
  private let reports = Reports()

  init() async throws {
    file = try TemporaryDatabase()
    writer = try await SQLiteWriter(SQLiteDatabase(path: file.path, busyTimeout: .seconds(60)))
    try await writer.perform(.writing) { connection in
      try connection.execute(
        """
        CREATE TABLE parents (id INTEGER PRIMARY KEY);
        CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
        """)
    }
  }

  @Test func `all that wait are in one transaction, and nobody is told before it is over`() async throws {
    let hold = try await Hold(writer)
    // Looked at here: what is expected on the writer's thread is nobody's test.
    let seen = Mutex<Set<String>>([])
    for id in 1...20 {
      post(id) { connection in
        try connection.insert(id)
        seen.withLock { _ = $0.insert("\(file.children().count) written, \(reports.all.count) reported") }
      }
    }
    await hold.release()
    #expect(seen.withLock { $0 } == ["0 written, 0 reported"])
    #expect(file.children() == (1...20).map { "\($0)" })
    #expect(reports.all == (1...20).map { .init(id: $0, isSuccess: true) })
  }

  @Test func `one that fails changes nothing, and the others all that they wanted`() async throws {
    let hold = try await Hold(writer)
    for id in 1...5 {
      post(id) { connection in
        try connection.insert(id)
        if id == 3 { throw RepositoryError.emailTaken }
      }
    }
    await hold.release()
    #expect(file.children() == ["1", "2", "4", "5"])
    #expect(reports.all == (1...5).map { .init(id: $0, isSuccess: $0 != 3) })
  }

  @Test func `one that fails before it has changed anything costs the others nothing`() async throws {
    let hold = try await Hold(writer)
    let runs = Mutex(0)
    for id in 1...5 {
      post(id) { connection in
        runs.withLock { $0 += 1 }
        if id == 3 { throw RepositoryError.emailTaken }
        try connection.insert(id)
      }
    }
    await hold.release()
    // None was done again.
    #expect(runs.withLock { $0 } == 5)
    #expect(file.children() == ["1", "2", "4", "5"])
    #expect(reports.all == (1...5).map { .init(id: $0, isSuccess: $0 != 3) })
  }

  @Test func `one that the commit refuses does not take the others with it`() async throws {
    let hold = try await Hold(writer)
    for id in 1...5 {
      post(id) { connection in try connection.insert(id, parent: id == 3 ? 9 : nil) }
    }
    await hold.release()
    #expect(file.children() == ["1", "2", "4", "5"])
    #expect(reports.all == (1...5).map { .init(id: $0, isSuccess: $0 != 3) })
  }

  @Test func `behind another process's lock whoever does not want to wait is refused, and the others wait`() async throws {
    let hold = try await Hold(writer)
    let other = ForeignConnection(file.path)
    other.run("BEGIN IMMEDIATE")
    post(1) { try $0.insert(1) }
    post(2, .writingAtOnce) { try $0.insert(2) }
    post(3) { try $0.insert(3) }
    hold.open()
    while reports.all.isEmpty { await Task.yield() }
    #expect(reports.all == [.init(id: 2, isSuccess: false)])
    other.run("COMMIT")
    try await writer.perform(.reading) { _ in }
    #expect(file.children() == ["1", "3"])
    #expect(reports.all == [2, 1, 3].map { .init(id: $0, isSuccess: $0 != 2) })
  }

  @Test func `what waits when the writer is closed is done, and what comes later is refused`() async throws {
    let hold = try await Hold(writer)
    post(1) { try $0.insert(1) }
    async let closing: Void = writer.close()
    hold.open()
    await closing
    await #expect(throws: RepositoryError.self) { try await writer.perform(.reading) { _ in } }
    #expect(file.children() == ["1"])
    #expect(reports.all == [.init(id: 1, isSuccess: true)])
  }

  private func post(
    _ id: Int, _ access: SQLiteWriter.Access = .writing, _ body: @escaping @Sendable (SQLiteConnection) throws -> Void
  ) {
    writer.post(access, body) { [reports] outcome in reports.append(.init(id: id, isSuccess: (try? outcome.get()) != nil)) }
  }
}

/// What was reported, in order.
private final class Reports: Sendable {
  struct Report: Equatable {
    var id: Int
    var isSuccess: Bool
  }

  private let reports = Mutex<[Report]>([])
  var all: [Report] { reports.withLock { $0 } }
  func append(_ report: Report) { reports.withLock { $0.append(report) } }
}

/// Keeps the writer's thread until it is told to go on: what is asked for meanwhile waits together.
private struct Hold {
  private let writer: SQLiteWriter
  private let isOpen = Monitor(false)

  init(_ writer: SQLiteWriter) async throws {
    self.writer = writer
    await withCheckedContinuation { holding in
      writer.post(.reading) { [isOpen] _ in
        holding.resume()
        isOpen.wait { $0 ? () : nil }
      } report: {
        _ in
      }
    }
  }

  func open() { isOpen.update { $0 = true } }

  /// Returns when all that waited is done.
  func release() async {
    open()
    _ = try? await writer.perform(.reading) { _ in }
  }
}

extension SQLiteConnection {
  fileprivate func insert(_ id: Int, parent: Int? = nil) throws {
    try run(
      "INSERT INTO children (id, parent) VALUES (?1, ?2)",
      [.integer(Int64(id)), parent.map { .integer(Int64($0)) } ?? .null])
  }
}

extension TemporaryDatabase {
  /// What another process sees.
  fileprivate func children() -> [String?] {
    ForeignConnection(path).run("SELECT id FROM children ORDER BY id").map { $0[0] }
  }
}
