#if Postgres
internal import AuthCore
internal import Glibc
internal import Synchronization

/// A call of a function that changes something, which waits for a connection.
///
/// Each call is a transaction of its own, whose commit does not wait for the disk; a flush at the end makes all of a batch
/// durable. No caller is told anything before it, not even a refusal: that may rest on another call's change, which is not yet
/// durable.
struct PostgresWrite: PostgresOperation {
  /// What is done when a call has failed in a way that leaves open whether it happened.
  enum Repetition: Sendable {
    /// It is made again: if it happened, the second call changes nothing and returns the same.
    case safe
    /// It is made again, and the function is told in its last parameter that it is a repetition.
    case announced
    /// The store is unavailable, because a second call would not return what the first one did.
    case none
  }

  /// What all changes of a store have in common. One reference, because each carries it.
  final class Context: Sendable {
    let flush: PostgresStatement
    let metrics: PostgresMetrics
    let losesFirstResponses: Bool
    /// The change that the server last refused for lack of room, or because of its disk; nil once it made one like that.
    private let refusal = Mutex<(at: ContinuousClock.Instant, statement: String, error: PostgresError)?>(nil)

    /// Why changes may be refused at the moment. It is forgotten after a while, because where it keeps requests away, no change
    /// would show that it is over.
    var recentRefusal: PostgresError? {
      refusal.withLock { refusal in refusal.flatMap { .now - $0.at < .seconds(10) ? $0.error : nil } }
    }

    fileprivate func noteRefusal(of statement: PostgresStatement, _ error: PostgresError) {
      // 53: insufficient resources; 58: system error (https://www.postgresql.org/docs/current/errcodes-appendix.html).
      guard ["53", "58"].contains(error.sqlState.prefix(2)) else { return }
      refusal.withLock { $0 = (.now, statement.name, error) }
    }

    fileprivate func noteSuccess(of statement: PostgresStatement) {
      // Others may need no room, or find some.
      refusal.withLock { if $0?.statement == statement.name { $0 = nil } }
    }

    init(flush: PostgresStatement, metrics: PostgresMetrics, losesFirstResponses: Bool) {
      self.flush = flush
      self.metrics = metrics
      self.losesFirstResponses = losesFirstResponses
    }
  }

  private static let maximumAttempts = 3

  let query: PostgresQuery
  let repetition: Repetition
  let queuedAt = ContinuousClock.now
  let deadline: ContinuousClock.Instant
  let context: Context
  /// Reads the result and reports it.
  let report: @Sendable (Result<PostgresResult, StoreError>) -> Void
  private var attempts = 1
  private var isRepetition = false

  init(
    _ query: PostgresQuery, repeating repetition: Repetition, deadline: ContinuousClock.Instant, context: Context,
    report: @escaping @Sendable (Result<PostgresResult, StoreError>) -> Void
  ) {
    self.query = query
    self.repetition = repetition
    self.deadline = deadline
    self.context = context
    self.report = report
  }

  /// Whether the response to this attempt counts as lost.
  private var isLost: Bool { context.losesFirstResponses && attempts == 1 && repetition == .announced }

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
    let flush = PostgresQuery(operations[0].context.flush)
    // Alone, the call and the flush are one transaction: one commit in place of two.
    let isAlone = operations.count == 1
    let groups = isAlone ? [[operations[0].currentQuery, flush]] : operations.map { [$0.currentQuery] } + [[flush]]
    let outcome = connection.run(groups, until: operations.batchDeadline)
    let isFlushed =
      outcome.completeGroups == groups.count && !outcome.hasLocalCommit && outcome.results.last?.last?.isSuccess == true
    if isFlushed {
      operations[0].context.metrics.noteBatch(operations.map { start - $0.queuedAt }, lasting: ContinuousClock.now - start)
    }
    var again: [PostgresWrite] = []
    for (index, operation) in operations.enumerated() {
      let result = outcome.results[index].first
      switch result {
      case .success(let result)? where isFlushed && !operation.isLost:
        operation.context.noteSuccess(of: operation.query.statement)
        operation.report(.success(result))
      case .failure(let error)? where !error.sqlState.isEmpty && error != .aborted:
        // It was undone, no matter what became of the others.
        operation.context.noteRefusal(of: operation.query.statement, error)
        if error.isOfConnection { connection.abandon() }
        // Who has the email may not be durable yet. The next time it is found, and that is flushed.
        let isToBeRepeated = error.isTransient || error.isOfTakenEmail && !isFlushed
        if isToBeRepeated, let next = operation.next(isRepetition: operation.isRepetition) {
          again.append(next)
        } else {
          operation.report(.failure(StoreError(error)))
        }
      default:
        operation.context.metrics.noteUnknown()
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
    guard attempts < Self.maximumAttempts, ContinuousClock.now < deadline else { return nil }
    var next = self
    next.attempts += 1
    next.isRepetition = isRepetition
    context.metrics.noteRetry()
    return next
  }
}

extension Result {
  fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
}

extension Array where Element: PostgresOperation {
  /// When a batch is given up: at the first deadline of its operations, but not before it has had time to finish. Otherwise one
  /// that came late would take all others with it.
  var batchDeadline: ContinuousClock.Instant {
    Swift.max(map(\.deadline).min() ?? .now, .now + .seconds(1))
  }
}

extension PostgresError {
  /// Whether the statement was undone for certain and may succeed the next time: a deadlock, a conflict, a lock that did not come
  /// in time, or something that another connection does not have.
  var isTransient: Bool { ["40P01", "40001", "55P03"].contains(sqlState) || isOfConnection }

  /// Whether another connection may do better: the server has become a standby or is stopping, or a prepared statement has gone
  /// or no longer fits its table.
  var isOfConnection: Bool { ["25006", "57P01", "57P02", "57P03", "57P05", "0A000", "26000"].contains(sqlState) }

  var isOfTakenEmail: Bool { sqlState == "23505" && constraint == "users_email" }
}

extension StoreError {
  /// An error of a statement that was undone.
  init(_ error: PostgresError) {
    self = error.isOfTakenEmail ? .emailTaken : .unavailable("the database refused: \(error)")
  }
}
#endif
