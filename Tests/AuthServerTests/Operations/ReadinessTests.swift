import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import AuthServer

@Suite(.timeLimit(.minutes(10))) struct ReadinessTests {
  private let eventLoop = MultiThreadedEventLoopGroup.singleton.next()

  private struct Broken: Error, CustomStringConvertible {
    let description = "the disk is on fire"
  }

  @Test func `a server is ready while its store is, and says why not`() async throws {
    let isBroken = Mutex(false)
    let readiness = Readiness(deadline: .hours(1), isOverloaded: { false }) {
      if isBroken.withLock({ $0 }) { throw Broken() }
    }
    #expect(try await readiness.problem(on: eventLoop).get() == "the server is starting")
    readiness.start()
    for state in [false, true, false] {
      isBroken.withLock { $0 = state }
      #expect(try await readiness.problem(on: eventLoop).get() == (state ? "the disk is on fire" : nil))
    }
  }

  @Test func `a server that is overloaded or stopping is not ready`() async throws {
    let readiness = Readiness(isOverloaded: { true }, checkStore: {})
    readiness.start()
    let overloaded = try await readiness.problem(on: eventLoop).get()
    #expect(overloaded == "more passwords wait to be hashed than can be in time")
    readiness.stop()
    readiness.start()
    #expect(try await readiness.problem(on: eventLoop).get() == "the server is stopping")
  }

  @Test func `a store that hangs is asked once, however many probes come, and each gets a response`() async throws {
    let asked = Mutex(0)
    let (hanging, release) = AsyncStream<Void>.makeStream()
    let reason = Mutex<String?>(nil)
    let readiness = Readiness(deadline: .milliseconds(20), isOverloaded: { false }) {
      asked.withLock { $0 += 1 }
      for await _ in hanging {}
    } knownProblem: {
      reason.withLock { $0 }
    }
    readiness.start()
    let problems = (1...10).map { _ in readiness.problem(on: eventLoop) }
    for problem in problems { #expect(try await problem.get() == "the store did not respond within 20 ms") }
    reason.withLock { $0 = "too many clients" }
    #expect(try await readiness.problem(on: eventLoop).get() == "the store did not respond within 20 ms: too many clients")
    #expect(asked.withLock { $0 } == 1)
    release.finish()
    while try await readiness.problem(on: eventLoop).get() != nil {}
  }
}
