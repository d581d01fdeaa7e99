internal import NIOCore
internal import Synchronization

/// Whether requests should be sent to this server, for load balancers and orchestrators.
///
/// The store is asked by a task of Swift's, whose threads may all be stuck in a disk that hangs. Nothing else here depends on
/// them: the response comes from an event loop, after a deadline.
final class Readiness: Sendable {
  /// Long for a store, and shorter than probes usually wait; Kubernetes' default is 1 s.
  static let defaultDeadline = TimeAmount.milliseconds(900)

  private enum Stage: UInt8, AtomicRepresentable {
    case starting, serving, stopping
  }

  private let deadline: TimeAmount
  private let isOverloaded: @Sendable () -> Bool
  private let checkStore: @Sendable () async throws -> Void
  private let knownProblem: @Sendable () -> String?
  private let stage = Atomic(Stage.starting)
  /// The check that is under way. Probes that arrive meanwhile share it, so a store that hangs is asked once.
  private let running = Mutex<EventLoopFuture<String?>?>(nil)

  /// - Parameters:
  ///   - isOverloaded: whether a password would be refused now.
  ///   - checkStore: throws, with a description for the operator, if the store cannot be used.
  ///   - knownProblem: why the store may not respond, where that is known already.
  init(
    deadline: TimeAmount = defaultDeadline, isOverloaded: @escaping @Sendable () -> Bool,
    checkStore: @escaping @Sendable () async throws -> Void, knownProblem: @escaping @Sendable () -> String? = { nil }
  ) {
    self.deadline = deadline
    self.isOverloaded = isOverloaded
    self.checkStore = checkStore
    self.knownProblem = knownProblem
  }

  /// The service listens. Until then the server is not ready.
  func start() {
    _ = stage.compareExchange(expected: .starting, desired: .serving, ordering: .relaxed)
  }

  /// From now on the server is not ready.
  func stop() {
    stage.store(.stopping, ordering: .relaxed)
  }

  /// Why the server is not ready; nil if it is.
  func problem(on eventLoop: any EventLoop) -> EventLoopFuture<String?> {
    switch stage.load(ordering: .relaxed) {
    case .starting: return eventLoop.makeSucceededFuture("the server is starting")
    case .stopping: return eventLoop.makeSucceededFuture("the server is stopping")
    case .serving: break
    }
    if isOverloaded() { return eventLoop.makeSucceededFuture("more passwords wait to be hashed than can be in time") }
    let answer = eventLoop.makePromise(of: String?.self)
    let timeout = eventLoop.scheduleTask(in: deadline) { [deadline, knownProblem] in
      let reason = knownProblem().map { ": \($0)" } ?? ""
      // The second of two results is ignored.
      answer.succeed("the store did not respond within \(deadline.nanoseconds / 1_000_000) ms\(reason)")
    }
    problemOfStore(on: eventLoop).whenSuccess { problem in
      timeout.cancel()
      answer.succeed(problem)
    }
    return answer.futureResult
  }

  private func problemOfStore(on eventLoop: any EventLoop) -> EventLoopFuture<String?> {
    running.withLock { running in
      if let running { return running }
      let promise = eventLoop.makePromise(of: String?.self)
      running = promise.futureResult
      Task { [self] in
        var problem: String?
        do { try await checkStore() } catch { problem = "\(error)" }
        self.running.withLock { $0 = nil }
        promise.succeed(problem)
      }
      return promise.futureResult
    }
  }
}
