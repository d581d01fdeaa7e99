import BenchmarkSupport
import Foundation

extension Turns<Load> {
  var requestsPerSecond: String { "\(Int(subject(\.requestsPerSecond)))/s" }
  var p99: String { "\(number(subject(\.p99Milliseconds))) ms" }
}

/// What `measured` gives while `disturbance` is done again and again. The last time it is cancelled.
func repeating<Result>(
  _ disturbance: @escaping @Sendable () async throws -> Void, while measured: () async throws -> Result
) async throws -> Result {
  let task = Task {
    do { while !Task.isCancelled { try await disturbance() } } catch is CancellationError {}
  }
  defer { task.cancel() }
  let result = try await measured()
  task.cancel()
  try await task.value
  return result
}

/// What `body` gives, on a thread of its own: those of Swift's pool are as few as the processors, and not to be blocked.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
  }
}
