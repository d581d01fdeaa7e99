/// The thread that resumes callers with their results, so that the hashing threads do not have to.
///
/// Resuming a task may start a thread of Swift's pool, and a thread inherits the priority of the thread that starts it. An
/// unprivileged process cannot raise that priority again, so requests that have nothing to do with passwords would run at the
/// priority of hashing.
final class BcryptCompletions: Sendable {
  typealias Completion = (call: BcryptQueue.Call, result: Result<[UInt8], PasswordHasherError>)

  private struct Queue: Sendable {
    var due: [Completion] = []
    var isStopped = false

    /// Takes all results that are due: nil while there is nothing to do, empty when the thread should end.
    mutating func takeDue() -> [Completion]? {
      guard !due.isEmpty || isStopped else { return nil }
      defer { due = [] }
      return due
    }
  }

  private let queue = Monitor(Queue())

  /// Starts the thread, which ends with the last reference.
  init() {
    startThread { [queue] in
      while case let due = queue.wait(for: { $0.takeDue() }), !due.isEmpty {
        for (call, result) in due { call.complete(result) }
      }
    }
  }

  deinit {
    queue.update { $0.isStopped = true }
  }

  func deliver(_ completions: [Completion]) {
    guard !completions.isEmpty else { return }
    queue.update { $0.due += completions }
  }
}
