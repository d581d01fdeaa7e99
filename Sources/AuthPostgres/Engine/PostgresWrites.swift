#if Postgres
internal import AuthCore
internal import Glibc

/// A call of a function that changes something, which waits for a connection.
///
/// Each call is a transaction of its own, whose commit does not wait for the disk; a flush at the end makes all of a batch
/// durable. No caller is told anything before it, not even a refusal: that may rest on another call's change, which is not yet
/// durable.
struct PostgresWrite: PostgresOperation {
  /// What is done when a call has failed in a way that leaves open whether it happened.
  enum Repetition: Sendable {
    /// It is made again: it then does nothing if it happened, or recognises that it did.
    case safe
    /// The same, and the function is told in its last parameter that it is a repetition.
    case announced
    /// The store is unavailable: what a second call would answer is not what the first one did.
    case none
  }

  /// How often an operation is tried.
  private static let mostTries = 3

  let query: PostgresQuery
  let flush: PostgresStatement
  let repetition: Repetition
  let queuedAt = ContinuousClock.now
  let deadline: ContinuousClock.Instant
  let metrics: PostgresMetrics
  /// Reads the result and reports it.
  let report: @Sendable (Result<PostgresResult, StoreError>) -> Void
  private var tries = 0
  private var isRepetition = false

  init(
    _ query: PostgresQuery, flush: PostgresStatement, repetition: Repetition, deadline: ContinuousClock.Instant,
    metrics: PostgresMetrics, report: @escaping @Sendable (Result<PostgresResult, StoreError>) -> Void
  ) {
    self.query = query
    self.flush = flush
    self.repetition = repetition
    self.deadline = deadline
    self.metrics = metrics
    self.report = report
  }

  func fail(_ reason: String) { report(.failure(.unavailable(reason))) }

  /// The query, as it is sent this time.
  private var currentQuery: PostgresQuery {
    guard case .announced = repetition else { return query }
    var query = query
    query.add(isRepetition)
    return query
  }

  static func run(_ operations: [PostgresWrite], on connection: PostgresConnection) -> [PostgresWrite] {
    let start = ContinuousClock.now
    let flush = PostgresQuery(operations[0].flush)
    // Alone, the call and the flush are one transaction: one commit in place of two.
    let isAlone = operations.count == 1
    let groups = isAlone ? [[operations[0].currentQuery, flush]] : operations.map { [$0.currentQuery] } + [[flush]]
    let deadline = operations.map(\.deadline).min() ?? .now
    let outcome = connection.run(groups, until: deadline)
    let isFlushed =
      outcome.completeGroups == groups.count && !outcome.hasLocalCommit && outcome.results.last?.last?.isSuccess == true
    if isFlushed {
      operations[0].metrics.noteBatch(operations.map { start - $0.queuedAt }, lasting: ContinuousClock.now - start)
    }
    var again: [PostgresWrite] = []
    for (index, operation) in operations.enumerated() {
      let result = outcome.results[index].first
      switch result {
      case .success(let result)? where isFlushed:
        operation.report(.success(result))
      case .failure(let error)? where !error.sqlState.isEmpty && error != .aborted:
        // It was undone, no matter what became of the others.
        if error.isOfLostRole { connection.abandon() }
        if error.isTransient, let next = operation.next(isRepetition: operation.isRepetition) {
          again.append(next)
        } else {
          operation.report(.failure(StoreError(error)))
        }
      default:
        operation.metrics.noteUnknown()
        let reason = outcome.loss.map { "\($0)" } ?? "the database did not confirm that the change is durable"
        if operation.repetition != .none, let next = operation.next(isRepetition: true) {
          again.append(next)
        } else {
          operation.fail("\(reason); the change may have been made")
        }
      }
    }
    if again.contains(where: { !$0.isRepetition }) {
      // Two that met may meet again.
      usleep(.random(in: 1_000...20_000))
    }
    return again
  }

  private func next(isRepetition: Bool) -> PostgresWrite? {
    guard tries + 1 < Self.mostTries, ContinuousClock.now < deadline else { return nil }
    var next = self
    next.tries += 1
    next.isRepetition = isRepetition
    metrics.noteRetry()
    return next
  }
}

extension Result {
  fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
}

extension PostgresError {
  /// Whether the statement was undone for certain and may succeed the next time: a deadlock, a conflict, a lock that did not come
  /// in time, or a server that no longer takes writes.
  var isTransient: Bool { ["40P01", "40001", "55P03"].contains(sqlState) || isOfLostRole }

  /// Whether the server has become a standby, or is stopping.
  var isOfLostRole: Bool { ["25006", "57P01", "57P02", "57P03"].contains(sqlState) }
}

extension StoreError {
  /// An error of a statement that was undone.
  init(_ error: PostgresError) {
    self =
      error.sqlState == "23505" && error.constraint == "users_email"
      ? .emailTaken : .unavailable("the database refused: \(error)")
  }
}
#endif
