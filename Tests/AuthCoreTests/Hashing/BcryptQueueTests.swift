import Testing

@testable import AuthCore

/// The rules by which calls get lanes, without threads.
@Suite struct BcryptQueueTests {
  private static let job = BcryptJob(key: [], salt: Array(0..<16), cost: 4)

  /// A round takes a second by estimate, so a job takes 16.
  private static func makeQueue(threads: Int, lanes: Int, maximumWait: Duration = .seconds(1000)) -> BcryptQueue {
    BcryptQueue(threads: threads, lanesPerThread: lanes, maximumWait: maximumWait, secondsPerRound: 1)
  }

  @discardableResult
  private static func add(_ count: Int, to queue: inout BcryptQueue) throws -> [Cancellation] {
    try (0..<count).map { _ in
      let call = BcryptQueue.Call(cancellation: Cancellation(), answer: { _ in })
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

  /// The next turn of a thread that has settled so many rounds and freed so many lanes.
  private static func turn(of thread: Int, settling rounds: Int, freeing lanes: Int, in queue: inout BcryptQueue)
    -> BcryptQueue.Turn?
  {
    queue.note(.init(roundsSettled: rounds, lanesFreed: lanes), of: thread)
    return queue.nextTurn(of: thread)
  }

  @Test func `lanes are given first come, first served`() throws {
    var queue = Self.makeQueue(threads: 1, lanes: 3)
    let calls = try Self.add(5, to: &queue)
    #expect(Self.joining(queue.nextTurn(of: 0)).map(ObjectIdentifier.init) == calls.prefix(3).map(ObjectIdentifier.init))
    let next = Self.joining(Self.turn(of: 0, settling: 32, freeing: 2, in: &queue))
    #expect(next.map(ObjectIdentifier.init) == calls.suffix(2).map(ObjectIdentifier.init))
  }

  @Test func `a thread without work has nothing to do`() throws {
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

  @Test func `a thread with two lanes more than another hands one computation over, which the other takes before all else`()
    throws
  {
    var queue = Self.makeQueue(threads: 2, lanes: 4)
    let calls = try Self.add(6, to: &queue)
    for thread in [0, 1, 0, 1] { _ = queue.nextTurn(of: thread) }
    // Three each. Now the second thread's leave.
    #expect(Self.turn(of: 1, settling: 48, freeing: 3, in: &queue) == nil)
    #expect(Self.isHandOver(queue.nextTurn(of: 0)))
    // Somebody comes at just this moment.
    try Self.add(1, to: &queue)
    queue.handOver(BcryptComputation(Self.job), of: .init(cancellation: calls[0], answer: { _ in }), from: 0)
    // The first thread uses two lanes and the second none.
    #expect(Self.joining(queue.nextTurn(of: 0)).isEmpty)
    let joining = Self.joining(queue.nextTurn(of: 1))
    #expect(joining.count == 2)
    #expect(joining.first === calls[0])
    #expect(!Self.isHandOver(queue.nextTurn(of: 0)))
    #expect(!Self.isHandOver(queue.nextTurn(of: 1)))
  }

  @Test func `a call that waits can be withdrawn, one in a lane cannot`() throws {
    var queue = Self.makeQueue(threads: 1, lanes: 1)
    let calls = try Self.add(3, to: &queue)
    _ = queue.nextTurn(of: 0)
    #expect(queue.withdraw(calls[0]) == nil)
    #expect(queue.withdraw(calls[1])?.cancellation === calls[1])
    #expect(queue.withdraw(calls[1]) == nil)
    #expect(Self.joining(Self.turn(of: 0, settling: 16, freeing: 1, in: &queue)).first === calls[2])
  }

  @Test func `the estimate is all rounds that are left, by the pace, shared by the threads`() throws {
    var queue = Self.makeQueue(threads: 2, lanes: 1, maximumWait: .seconds(10))
    // Two lanes are free, so nobody waits; then 32 rounds by two threads are 16 seconds.
    try Self.add(2, to: &queue)
    #expect(throws: PasswordHasherError.overloaded(retryAfter: .seconds(16))) { try Self.add(1, to: &queue) }
    _ = queue.nextTurn(of: 0)
    _ = Self.turn(of: 0, settling: 10, freeing: 0, in: &queue)
    #expect(throws: PasswordHasherError.overloaded(retryAfter: .seconds(11))) { try Self.add(1, to: &queue) }
    _ = Self.turn(of: 0, settling: 2, freeing: 0, in: &queue)
    #expect(throws: Never.self) { try Self.add(1, to: &queue) }
    #expect(throws: PasswordHasherError.overloaded(retryAfter: .seconds(18))) { try Self.add(1, to: &queue) }
  }

  @Test func `who is refused, withdrawn or given up leaves no work behind`() throws {
    var queue = Self.makeQueue(threads: 1, lanes: 1, maximumWait: .seconds(40))
    let calls = try Self.add(3, to: &queue)
    for _ in 0..<5 { #expect(throws: PasswordHasherError.self) { try Self.add(1, to: &queue) } }
    _ = queue.nextTurn(of: 0)
    _ = queue.withdraw(calls[2])
    // Of the first, four rounds were done and twelve are given up: sixteen are left, of the second.
    _ = Self.turn(of: 0, settling: 16, freeing: 1, in: &queue)
    try Self.add(1, to: &queue)
    try Self.add(1, to: &queue)
    #expect(throws: PasswordHasherError.overloaded(retryAfter: .seconds(48))) { try Self.add(1, to: &queue) }
  }

  @Test func `until the pace is known nobody is refused`() throws {
    var queue = BcryptQueue(threads: 1, lanesPerThread: 1, maximumWait: .zero, secondsPerRound: nil)
    try Self.add(10, to: &queue)
    queue.notePace(1)
    #expect(throws: PasswordHasherError.overloaded(retryAfter: .seconds(160))) { try Self.add(1, to: &queue) }
  }

  @Test func `the pace follows what is measured, and one pause does not change it much`() throws {
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

  @Test func `a thread's report of its pace is followed`() throws {
    var queue = Self.makeQueue(threads: 1, lanes: 1, maximumWait: .seconds(17))
    try Self.add(1, to: &queue)
    _ = queue.nextTurn(of: 0)
    for _ in 0..<500 { queue.note(.init(secondsPerRound: 2), of: 0) }
    #expect(throws: PasswordHasherError.self) { try Self.add(1, to: &queue) }
  }

  @Test func `when it is stopped every thread is told to end`() {
    var queue = Self.makeQueue(threads: 2, lanes: 1)
    queue.stop()
    for thread in 0..<2 {
      if case .end = queue.nextTurn(of: thread) { continue }
      Issue.record("thread \(thread) goes on")
    }
  }
}
