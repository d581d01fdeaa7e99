import Testing

@testable import AuthCore

/// The rules by which calls get lanes, without threads.
@Suite struct BcryptQueueTests {
  private static let job = BcryptJob(key: [], salt: Array(0..<16), cost: 4)

  /// A round takes a second by estimate, a job so 16.
  private static func makeQueue(threads: Int, lanes: Int, maximumWait: Duration = .seconds(1000)) -> BcryptQueue {
    BcryptQueue(threads: threads, lanesOfEachThread: lanes, maximumWait: maximumWait, secondsPerRound: 1)
  }

  @discardableResult
  private static func append(_ count: Int, to queue: inout BcryptQueue) throws -> [Cancellation] {
    try (0..<count).map { _ in
      try queue.admit(job).get()
      let cancellation = Cancellation()
      queue.append(BcryptQueue.Call(cancellation: cancellation, answer: { _ in }), for: job)
      return cancellation
    }
  }

  private static func joining(_ turn: BcryptQueue.Turn?) -> [Cancellation] {
    guard case .join(let joining) = turn else { return [] }
    return joining.map { $0.0.cancellation }
  }

  private static func isHandBack(_ turn: BcryptQueue.Turn?) -> Bool {
    guard case .handBack = turn else { return false }
    return true
  }

  @Test func `lanes are given first come, first served`() throws {
    var queue = Self.makeQueue(threads: 1, lanes: 3)
    let calls = try Self.append(5, to: &queue)
    #expect(Self.joining(queue.nextTurn(of: 0)).map(ObjectIdentifier.init) == calls.prefix(3).map(ObjectIdentifier.init))
    let next = Self.joining(queue.nextTurn(of: 0, after: .init(rounds: 32, left: 2)))
    #expect(next.map(ObjectIdentifier.init) == calls.suffix(2).map(ObjectIdentifier.init))
  }

  @Test func `a thread without work has nothing to do`() throws {
    var queue = Self.makeQueue(threads: 2, lanes: 2)
    #expect(queue.nextTurn(of: 0) == nil)
    try Self.append(1, to: &queue)
    #expect(Self.joining(queue.nextTurn(of: 0)).count == 1)
    #expect(queue.nextTurn(of: 1) == nil)
    #expect(queue.nextTurn(of: 0, after: .init(rounds: 16, left: 1)) == nil)
  }

  @Test func `a thread leaves the next call to one that uses fewer lanes`() throws {
    var queue = Self.makeQueue(threads: 2, lanes: 4)
    try Self.append(3, to: &queue)
    #expect(Self.joining(queue.nextTurn(of: 0)).count == 1)
    #expect(Self.joining(queue.nextTurn(of: 0)).count == 0)
    #expect(Self.joining(queue.nextTurn(of: 1)).count == 2)
    #expect(Self.joining(queue.nextTurn(of: 0)).count == 0)
  }

  @Test func `a thread with two lanes more than another hands one computation back, which the other takes before all others`()
    throws
  {
    var queue = Self.makeQueue(threads: 2, lanes: 4)
    let calls = try Self.append(6, to: &queue)
    for thread in [0, 1, 0, 1] { _ = queue.nextTurn(of: thread) }
    // Three each. Now the second thread's leave.
    #expect(queue.nextTurn(of: 1, after: .init(rounds: 48, left: 3)) == nil)
    #expect(Self.isHandBack(queue.nextTurn(of: 0)))
    queue.handBack(.init(cancellation: calls[0], answer: { _ in }), BcryptComputation(Self.job), from: 0)
    try Self.append(1, to: &queue)
    // The first thread uses two lanes and the second none.
    #expect(Self.joining(queue.nextTurn(of: 0)).isEmpty)
    let joining = Self.joining(queue.nextTurn(of: 1))
    #expect(joining.count == 2)
    #expect(joining.first === calls[0])
    #expect(!Self.isHandBack(queue.nextTurn(of: 0)))
    #expect(!Self.isHandBack(queue.nextTurn(of: 1)))
  }

  @Test func `a call that waits can be withdrawn, one in a lane cannot`() throws {
    var queue = Self.makeQueue(threads: 1, lanes: 1)
    let calls = try Self.append(3, to: &queue)
    _ = queue.nextTurn(of: 0)
    #expect(queue.withdraw(calls[0]) == nil)
    #expect(queue.withdraw(calls[1])?.cancellation === calls[1])
    #expect(queue.withdraw(calls[1]) == nil)
    #expect(Self.joining(queue.nextTurn(of: 0, after: .init(rounds: 16, left: 1))).first === calls[2])
  }

  @Test func `the estimate is all rounds that are left, by the pace, shared by the threads`() throws {
    var queue = Self.makeQueue(threads: 2, lanes: 1, maximumWait: .seconds(10))
    // Two lanes are free, so nobody waits; then 32 rounds by two threads are 16 seconds.
    try Self.append(2, to: &queue)
    #expect(throws: PasswordHasherError.overloaded(retryAfter: .seconds(16))) { try queue.admit(Self.job).get() }
    _ = queue.nextTurn(of: 0)
    _ = queue.nextTurn(of: 0, after: .init(rounds: 10))
    #expect(throws: PasswordHasherError.overloaded(retryAfter: .seconds(11))) { try queue.admit(Self.job).get() }
    _ = queue.nextTurn(of: 0, after: .init(rounds: 2))
    #expect(throws: Never.self) { try queue.admit(Self.job).get() }
    #expect(throws: PasswordHasherError.overloaded(retryAfter: .seconds(18))) { try queue.admit(Self.job).get() }
  }

  @Test func `who is refused, withdrawn or given up leaves no work behind`() throws {
    var queue = Self.makeQueue(threads: 1, lanes: 1, maximumWait: .seconds(40))
    let calls = try Self.append(3, to: &queue)
    for _ in 0..<5 { #expect(throws: PasswordHasherError.self) { try queue.admit(Self.job).get() } }
    _ = queue.nextTurn(of: 0)
    _ = queue.withdraw(calls[2])
    // Of the first, four rounds were done and twelve are given up: sixteen are left, of the second.
    _ = queue.nextTurn(of: 0, after: .init(rounds: 16, left: 1))
    try queue.admit(Self.job).get()
    try queue.admit(Self.job).get()
    #expect(throws: PasswordHasherError.overloaded(retryAfter: .seconds(48))) { try queue.admit(Self.job).get() }
  }

  @Test func `until the pace is known nobody is refused`() throws {
    var queue = BcryptQueue(threads: 1, lanesOfEachThread: 1, maximumWait: .zero, secondsPerRound: nil)
    try Self.append(10, to: &queue)
    queue.notePace(1)
    #expect(throws: PasswordHasherError.overloaded(retryAfter: .seconds(160))) { try queue.admit(Self.job).get() }
  }

  @Test func `the pace follows what is measured, and one pause does not change it much`() throws {
    var queue = Self.makeQueue(threads: 1, lanes: 1, maximumWait: .zero)
    try Self.append(1, to: &queue)
    func wait() -> Duration? {
      guard case .failure(.overloaded(let wait)) = queue.admit(Self.job) else { return nil }
      return wait
    }
    queue.notePace(1_000_000)
    #expect(try #require(wait()) < .seconds(16 * 1.1))
    for _ in 0..<500 { queue.notePace(2) }
    #expect(try #require(wait()) > .seconds(16 * 1.9))
    #expect(try #require(wait()) < .seconds(16 * 2.1))
  }

  @Test func `when it is stopped every thread is told to end`() {
    var queue = Self.makeQueue(threads: 2, lanes: 1)
    queue.stop()
    for thread in 0..<2 {
      guard case .end = queue.nextTurn(of: thread) else { return #expect(Bool(false)) }
    }
  }
}
