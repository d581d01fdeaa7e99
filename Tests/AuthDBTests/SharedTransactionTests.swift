import AuthCore
import Synchronization
import Testing

@testable import AuthDB

/// Writes that wait at the same time share a transaction and its sync.
@Suite struct SharedTransactionTests {
  private let file: TemporaryDatabase
  private let writer: SQLiteWriter
  private let reports = Reports()

  init() async throws {
    file = try TemporaryDatabase()
    writer = try await SQLiteWriter(SQLiteDatabase(path: file.path, busyTimeout: patience))
    try await writer.perform(.writing) { connection in
      try connection.execute(
        """
        CREATE TABLE parents (id INTEGER PRIMARY KEY);
        CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
        """)
    }
  }

  @Test func `all waiting writes are in one transaction, and none is reported before it commits`() async throws {
    let hold = try await Hold(writer)
    // Checked here, because an expectation on the writer's thread would not belong to this test.
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

  @Test func `a write that fails changes nothing, and the others succeed`() async throws {
    let hold = try await Hold(writer)
    for id in 1...5 {
      post(id) { connection in
        try connection.insert(id)
        if id == 3 { throw StoreError.emailTaken }
      }
    }
    await hold.release()
    #expect(file.children() == ["1", "2", "4", "5"])
    #expect(reports.all == (1...5).map { .init(id: $0, isSuccess: $0 != 3) })
  }

  @Test func `a write that fails before it changes anything does not make the others run again`() async throws {
    let hold = try await Hold(writer)
    let runs = Mutex(0)
    for id in 1...5 {
      post(id) { connection in
        runs.withLock { $0 += 1 }
        if id == 3 { throw StoreError.emailTaken }
        try connection.insert(id)
      }
    }
    await hold.release()
    // None ran again.
    #expect(runs.withLock { $0 } == 5)
    #expect(file.children() == ["1", "2", "4", "5"])
    #expect(reports.all == (1...5).map { .init(id: $0, isSuccess: $0 != 3) })
  }

  @Test func `a write that the commit refuses does not undo the others`() async throws {
    let hold = try await Hold(writer)
    for id in 1...5 {
      post(id) { connection in try connection.insert(id, parent: id == 3 ? 9 : nil) }
    }
    await hold.release()
    #expect(file.children() == ["1", "2", "4", "5"])
    #expect(reports.all == (1...5).map { .init(id: $0, isSuccess: $0 != 3) })
  }

  @Test func `a write for which the disk has no room does not undo the others, and none is done twice`() async throws {
    try await writer.perform(.writing) { connection in
      try connection.execute("CREATE TABLE notes (text TEXT)")
      let pages = try connection.pragma("page_count")
      try connection.execute("PRAGMA max_page_count = \(pages + 1)")
    }
    let hold = try await Hold(writer)
    for id in 1...5 {
      post(id) { connection in
        if id == 3 { try connection.run("INSERT INTO notes VALUES (?1)", [.text(String(repeating: "x", count: 90_000))]) }
        try connection.insert(id)
      }
    }
    await hold.release()
    #expect(file.children() == ["1", "2", "4", "5"])
    #expect(reports.all == (1...5).map { .init(id: $0, isSuccess: $0 != 3) })
  }

  @Test func `a statement that damage to the file interrupts is undone`() async throws {
    try await writer.perform(.writing) { connection in
      // An index without the second row.
      try connection.execute(
        """
        CREATE TABLE notes (number INTEGER);
        CREATE INDEX notes_number ON notes (number) WHERE number < 0;
        INSERT INTO notes VALUES (-1), (1);
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = 'CREATE INDEX notes_number ON notes (number)' WHERE name = 'notes_number';
        PRAGMA writable_schema = RESET;
        """)
    }
    let hold = try await Hold(writer)
    post(1) { try $0.insert(1) }
    post(2) { try $0.run("DELETE FROM notes WHERE rowid > 0") }
    post(3) { try $0.insert(3) }
    await hold.release()
    #expect(reports.all == (1...3).map { .init(id: $0, isSuccess: $0 != 2) })
    #expect(ForeignConnection(file.path).run("SELECT number FROM notes NOT INDEXED") == [["-1"], ["1"]])
    #expect(file.children() == ["1", "3"])
  }

  @Test func `a write whose trigger rolls back the transaction does not undo the others`() async throws {
    try await writer.perform(.writing) { connection in
      try connection.execute(
        "CREATE TRIGGER refusal BEFORE INSERT ON children WHEN new.id = 3 BEGIN SELECT RAISE(ROLLBACK, 'no'); END")
    }
    let hold = try await Hold(writer)
    for id in 1...5 { post(id) { try $0.insert(id) } }
    await hold.release()
    #expect(file.children() == ["1", "2", "4", "5"])
    #expect(reports.all == (1...5).map { .init(id: $0, isSuccess: $0 != 3) })
  }

  @Test func `behind a lasting lock every write fails exactly once`() async throws {
    let writer = try await SQLiteWriter(SQLiteDatabase(path: file.path, busyTimeout: .milliseconds(50)), maximumWait: patience)
    let hold = try await Hold(writer)
    let other = ForeignConnection(file.path)
    other.run("BEGIN IMMEDIATE")
    for id in 1...4 { post(id, id == 2 ? .writingAtOnce : .writing, to: writer) { try $0.insert(id) } }
    await hold.release()
    #expect(reports.all == [2, 1, 3, 4].map { .init(id: $0, isSuccess: false) })
    other.run("COMMIT")
    #expect(file.children().isEmpty)
  }

  @Test func `when writes run alone, the first that waits for another process's lock in vain makes the rest fail`() async throws {
    let writer = try await SQLiteWriter(SQLiteDatabase(path: file.path, busyTimeout: .milliseconds(50)), maximumWait: patience)
    let hold = try await Hold(writer)
    let other = OtherProcess(file.path)
    post(0, letting: other, to: writer)
    post(1, .writingAtOnce, to: writer) { try $0.insert(1) }
    // The lock goes when the first has waited for it. If the others were tried after that, they would succeed.
    for id in 2...20 {
      post(id, to: writer) {
        try $0.insert(id)
      } andThen: { error in
        if (error as? SQLiteError)?.isBusy == true { other.end() }
      }
    }
    await hold.release()
    #expect(reports.all == (0...20).map { .init(id: $0, isSuccess: false) })
    #expect(file.children().isEmpty)
  }

  @Test(.timeLimit(.minutes(10)))
  func `when writes run alone, one that waits for another process's lock gets it`() async throws {
    let hold = try await Hold(writer)
    let other = OtherProcess(file.path)
    post(0, letting: other, to: writer)
    post(1, .writingAtOnce) { try $0.insert(1) }
    post(2) { try $0.insert(2) }
    hold.open()
    while reports.all.count < 2 { await Task.yield() }
    // Enough time to be refused, if it did not wait.
    for _ in 0..<1000 { await Task.yield() }
    #expect(reports.all == [0, 1].map { .init(id: $0, isSuccess: false) })
    other.end()
    try await writer.perform(.reading) { _ in }
    #expect(reports.all.last == .init(id: 2, isSuccess: true))
    #expect(file.children() == ["2"])
  }

  @Test func `behind another process's lock, writes that must not wait are refused, and the others wait`() async throws {
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

  @Test func `writes that wait when the writer is closed are done, and later ones are refused`() async throws {
    let hold = try await Hold(writer)
    post(1) { try $0.insert(1) }
    async let closing: Void = writer.close()
    hold.open()
    await closing
    await #expect(throws: SQLiteUnavailable.self) { try await writer.perform(.reading) { _ in } }
    #expect(file.children() == ["1"])
    #expect(reports.all == [.init(id: 1, isSuccess: true)])
  }

  /// A write that rolls back the others when it runs with them and, when it runs alone, lets the other process in before the
  /// next.
  private func post(_ id: Int, letting other: OtherProcess, to writer: SQLiteWriter) {
    post(id, to: writer) { connection in
      try connection.insert(id)
      throw StoreError.emailTaken
    } andThen: { _ in
      other.begin()
    }
  }

  /// - Parameter andThen: runs on the writer's thread when the outcome is reported, with the error of a failure.
  private func post(
    _ id: Int, _ access: SQLiteWriter.Access = .writing, to other: SQLiteWriter? = nil,
    _ body: @escaping @Sendable (SQLiteConnection) throws -> Void,
    andThen: @escaping @Sendable ((any Error)?) -> Void = { _ in }
  ) {
    (other ?? writer).post(access, body) { [reports] outcome in
      switch outcome {
      case .success:
        reports.append(.init(id: id, isSuccess: true))
        andThen(nil)
      case .failure(let error):
        reports.append(.init(id: id, isSuccess: false))
        andThen(error)
      }
    }
  }
}

/// The reported outcomes, in order.
private final class Reports: Sendable {
  struct Report: Equatable {
    var id: Int
    var isSuccess: Bool
  }

  private let reports = Mutex<[Report]>([])
  var all: [Report] { reports.withLock { $0 } }
  func append(_ report: Report) { reports.withLock { $0.append(report) } }
}

/// Stands for another process, which takes the lock of the file and keeps it.
private final class OtherProcess: Sendable {
  private let path: String
  private let connection = Mutex<ForeignConnection?>(nil)

  init(_ path: String) { self.path = path }

  func begin() {
    connection.withLock { connection in
      connection = ForeignConnection(path)
      connection?.run("BEGIN IMMEDIATE")
    }
  }

  func end() { connection.withLock { $0 = nil } }
}

/// Occupies the writer's thread until it is released, so that all writes in the meantime wait together.
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

  /// Returns when all waiting writes are done.
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
  /// The rows that another process sees.
  fileprivate func children() -> [String?] {
    ForeignConnection(path).run("SELECT id FROM children ORDER BY id").map { $0[0] }
  }
}
