import Testing

@testable import AuthCore

/// The rules by which calls get lanes, tested without threads.
@Suite struct BcryptQueueTests {
  private static let job = BcryptJob(key: [], salt: Array(0..<16), cost: 4)

  /// By estimate a round takes a second, so a job takes 16.
  private static func makeQueue(threads: Int, lanes: Int, maximumWait: Duration = .seconds(1000)) -> BcryptQueue {
    BcryptQueue(threads: threads, lanesPerThread: lanes, maximumWait: maximumWait, secondsPerRound: 1)
  }

  @discardableResult
  private static func add(_ count: Int, to queue: inout BcryptQueue) throws -> [Cancellation] {
    try (0..<count).map { _ in
      let call = BcryptQueue.Call(cancellation: Cancellation(), complete: { _ in })
      try queue.add(call, for: job)
      return call.cancellation
    }
  }

  private static func joining(_ turn: BcryptQueue.Turn?) -> [Cancellation] {
    guard case .work(let joining) = turn else { return [] }
    return joining.map(\.call.cancellation)
  }

  private static func isHandOver(_ turn: BcryptQueue.Turn?) -> Bool {
    guard case .handOver = turn else { return false }
    return true
  }

  /// The next turn of a thread that has settled the given rounds and freed the given lanes.
  private static func turn(of thread: Int, settling rounds: Int, freeing lanes: Int, in queue: inout BcryptQueue)
    -> BcryptQueue.Turn?
  {
    queue.note(.init(roundsSettled: rounds, lanesFreed: lanes), of: thread)
    return queue.nextTurn(of: thread)
  }

  @Test func `calls get lanes in the order in which they came`() throws {
    var queue = Self.makeQueue(threads: 1, lanes: 3)
    let calls = try Self.add(5, to: &queue)
    #expect(Self.joining(queue.nextTurn(of: 0)).map(ObjectIdentifier.init) == calls.prefix(3).map(ObjectIdentifier.init))
    let next = Self.joining(Self.turn(of: 0, settling: 32, freeing: 2, in: &queue))
    #expect(next.map(ObjectIdentifier.init) == calls.suffix(2).map(ObjectIdentifier.init))
  }

  @Test func `a thread without work gets no turn`() throws {
    var queue = Self.makeQueue(threads: 2, lanes: 2)
    #expect(queue.nextTurn(of: 0) == nil)
    try Self.add(1, to: &queue)
    #expect(Self.joining(queue.nextTurn(of: 0)).count == 1)
    #expect(queue.nextTurn(of: 1) == nil)
    #expect(Self.turn(of: 0, settling: 16, freeing: 1, in: &queue) == nil)
  }

  @Test func `a thread leaves the next call to one that uses fewer lanes`() throws {
    var queue = Self.makeQueue(threads: 2, lanes: 4)
    try Self.add(3, to: &queue)
    #expect(Self.joining(queue.nextTurn(of: 0)).count == 1)
    #expect(Self.joining(queue.nextTurn(of: 0)).count == 0)
    #expect(Self.joining(queue.nextTurn(of: 1)).count == 2)
    #expect(Self.joining(queue.nextTurn(of: 0)).count == 0)
  }

  @Test func `a thread with two lanes more than another hands over a computation, which the other takes first`()
    throws
  {
    var queue = Self.makeQueue(threads: 2, lanes: 4)
    let calls = try Self.add(6, to: &queue)
    for thread in [0, 1, 0, 1] { _ = queue.nextTurn(of: thread) }
    // Each has three. Now the second thread's calls leave.
    #expect(Self.turn(of: 1, settling: 48, freeing: 3, in: &queue) == nil)
    #expect(Self.isHandOver(queue.nextTurn(of: 0)))
    // A call comes at just this moment.
    try Self.add(1, to: &queue)
    queue.handOver(BcryptComputation(Self.job), of: .init(cancellation: calls[0], complete: { _ in }), from: 0)
    // The first thread uses two lanes and the second none.
    #expect(Self.joining(queue.nextTurn(of: 0)).isEmpty)
    let joining = Self.joining(queue.nextTurn(of: 1))
    #expect(joining.count == 2)
    #expect(joining.first === calls[0])
    #expect(!Self.isHandOver(queue.nextTurn(of: 0)))
    #expect(!Self.isHandOver(queue.nextTurn(of: 1)))
  }

  @Test func `a waiting call can be withdrawn, but not one in a lane`() throws {
    var queue = Self.makeQueue(threads: 1, lanes: 1)
    let calls = try Self.add(3, to: &queue)
    _ = queue.nextTurn(of: 0)
    #expect(queue.withdraw(calls[0]) == nil)
    #expect(queue.withdraw(calls[1])?.cancellation === calls[1])
    #expect(queue.withdraw(calls[1]) == nil)
    #expect(Self.joining(Self.turn(of: 0, settling: 16, freeing: 1, in: &queue)).first === calls[2])
  }

  @Test func `the estimate is the time of all remaining rounds, divided by the number of threads`() throws {
    var queue = Self.makeQueue(threads: 2, lanes: 1, maximumWait: .seconds(10))
    // Two lanes are free, so these calls do not wait. Then 32 rounds on two threads take 16 seconds.
    try Self.add(2, to: &queue)
    #expect(throws: PasswordHasherError.overloaded(retryAfter: .seconds(16))) { try Self.add(1, to: &queue) }
    _ = queue.nextTurn(of: 0)
    _ = Self.turn(of: 0, settling: 10, freeing: 0, in: &queue)
    #expect(throws: PasswordHasherError.overloaded(retryAfter: .seconds(11))) { try Self.add(1, to: &queue) }
    _ = Self.turn(of: 0, settling: 2, freeing: 0, in: &queue)
    #expect(throws: Never.self) { try Self.add(1, to: &queue) }
    #expect(throws: PasswordHasherError.overloaded(retryAfter: .seconds(18))) { try Self.add(1, to: &queue) }
  }

  @Test func `a call that is refused, withdrawn or cancelled leaves no work behind`() throws {
    var queue = Self.makeQueue(threads: 1, lanes: 1, maximumWait: .seconds(40))
    let calls = try Self.add(3, to: &queue)
    for _ in 0..<5 { #expect(throws: PasswordHasherError.self) { try Self.add(1, to: &queue) } }
    _ = queue.nextTurn(of: 0)
    _ = queue.withdraw(calls[2])
    // Four rounds of the first call were done and twelve dropped; the sixteen of the second are left.
    _ = Self.turn(of: 0, settling: 16, freeing: 1, in: &queue)
    try Self.add(1, to: &queue)
    try Self.add(1, to: &queue)
    #expect(throws: PasswordHasherError.overloaded(retryAfter: .seconds(48))) { try Self.add(1, to: &queue) }
  }

  @Test func `no call is refused until the pace is known`() throws {
    var queue = BcryptQueue(threads: 1, lanesPerThread: 1, maximumWait: .zero, secondsPerRound: nil)
    try Self.add(10, to: &queue)
    queue.notePace(1)
    #expect(throws: PasswordHasherError.overloaded(retryAfter: .seconds(160))) { try Self.add(1, to: &queue) }
  }

  @Test func `the pace follows the measurements, and a single interruption hardly changes it`() throws {
    var queue = Self.makeQueue(threads: 1, lanes: 1, maximumWait: .zero)
    try Self.add(1, to: &queue)
    func wait() -> Duration? {
      do { try Self.add(1, to: &queue) } catch PasswordHasherError.overloaded(let wait) { return wait } catch {}
      return nil
    }
    queue.notePace(1_000_000)
    #expect(try #require(wait()) < .seconds(16 * 1.1))
    for _ in 0..<500 { queue.notePace(2) }
    #expect(try #require(wait()) > .seconds(16 * 1.9))
    #expect(try #require(wait()) < .seconds(16 * 2.1))
  }

  @Test func `the pace follows the reports of threads`() throws {
    var queue = Self.makeQueue(threads: 1, lanes: 1, maximumWait: .seconds(17))
    try Self.add(1, to: &queue)
    _ = queue.nextTurn(of: 0)
    for _ in 0..<500 { queue.note(.init(secondsPerRound: 2), of: 0) }
    #expect(throws: PasswordHasherError.self) { try Self.add(1, to: &queue) }
  }

  @Test func `a stopped queue tells every thread to end`() {
    var queue = Self.makeQueue(threads: 2, lanes: 1)
    queue.stop()
    for thread in 0..<2 {
      if case .end = queue.nextTurn(of: thread) { continue }
      Issue.record("thread \(thread) goes on")
    }
  }
}
