import BenchmarkSupport
import Foundation

/// What two measurements gave that took turns, the subject first.
struct Turns<Figure> {
  private(set) var pairs: [(subject: Figure, reference: Figure)] = []

  init(_ repetitions: Int, _ subject: () async throws -> Figure, against reference: () async throws -> Figure) async throws {
    for _ in 0..<repetitions { pairs.append((try await subject(), try await reference())) }
  }

  /// The median of the ratios of the subject to the reference.
  func ratio(of figure: (Figure) -> Double) -> Double {
    median(pairs.map { figure($0.subject) / figure($0.reference) })
  }

  /// The median of the subject alone.
  func subject(_ figure: (Figure) -> Double) -> Double {
    median(pairs.map { figure($0.subject) })
  }
}

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
