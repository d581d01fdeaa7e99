internal import Dispatch
internal import Synchronization

/// The result of an operation that suspends, for libFuzzer, which calls synchronous functions only.
///
/// It blocks the thread that calls it: that is the process's first, on which no task runs.
func wait<Result: Sendable>(_ operation: @escaping @Sendable () async -> Result) -> Result {
  let result = Waiting<Result>()
  Task {
    let value = await operation()
    result.value.withLock { $0 = value }
    result.isDone.signal()
  }
  result.isDone.wait()
  guard let value = result.value.withLock({ $0 }) else { fatalError("the result is there before the signal") }
  return value
}

private final class Waiting<Result: Sendable>: Sendable {
  let value = Mutex<Result?>(nil)
  let isDone = DispatchSemaphore(value: 0)
}
