#if Postgres
internal import AuthCore
internal import Glibc
internal import Synchronization

/// A change that waits for a connection.
///
/// Each is a transaction of its own, except that new sessions share one. No commit waits for the disk; a flush at the end makes
/// all of a batch durable. No caller is told anything before it, not even a refusal: that may rest on another change, which is
/// not yet durable.
struct PostgresWrite: PostgresOperation {
  /// What is changed.
  enum Call: Sendable {
    /// A session is added; those that wait are one statement.
    case insertion(SessionInsertion)
    /// A function is called.
    case function(PostgresQuery)
  }

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
    let statements: PostgresStatements
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

    init(statements: PostgresStatements, metrics: PostgresMetrics, losesFirstResponses: Bool) {
      self.statements = statements
      self.metrics = metrics
      self.losesFirstResponses = losesFirstResponses
    }
  }

  private static let maximumAttempts = 3

  let call: Call
  let repetition: Repetition
  let queuedAt = ContinuousClock.now
  let deadline: ContinuousClock.Instant
  let context: Context
  /// Reads its row of the result, or all rows, and reports that.
  let report: @Sendable (Result<(rows: PostgresResult, own: Int), StoreError>) -> Void
  private var attempts = 1
  private var isRepetition = false
  /// Whether a statement was undone that it shared with others: one of them may be to blame.
  private var isAlone = false

  init(
    _ call: Call, repeating repetition: Repetition, deadline: ContinuousClock.Instant, context: Context,
    report: @escaping @Sendable (Result<(rows: PostgresResult, own: Int), StoreError>) -> Void
  ) {
    self.call = call
    self.repetition = repetition
    self.deadline = deadline
    self.context = context
    self.report = report
  }

  /// Whether the response to this attempt counts as lost.
  private var isLost: Bool { context.losesFirstResponses && attempts == 1 && repetition == .announced }

  func fail(_ reason: String) { report(.failure(.unavailable(reason))) }

  private var statement: PostgresStatement {
    switch call {
    case .insertion: context.statements.addSessions
    case .function(let query): query.statement
    }
  }

  /// What is sent for operations that share a statement, or for one; each has a row of the result.
  private struct Request {
    let query: PostgresQuery
    let operations: [PostgresWrite]
    /// Whether its commit waits for the disk by itself.
    var isDurable = false
  }

  private static func requests(for operations: [PostgresWrite], _ statements: PostgresStatements) -> [Request] {
    if operations.count == 1, case .insertion(let insertion) = operations[0].call {
      return [Request(query: insertion.query(statements.addLoneSession), operations: operations, isDurable: true)]
    }
    var requests: [Request] = []
    var insertions: [(SessionInsertion, PostgresWrite)] = []
    for operation in operations {
      switch operation.call {
      case .insertion(let insertion) where operation.isAlone:
        requests.append(Request(query: SessionInsertion.query([insertion], statements.addSessions), operations: [operation]))
      case .insertion(let insertion):
        insertions.append((insertion, operation))
      case .function(var query):
        if operation.repetition == .announced { query.add(operation.isRepetition) }
        requests.append(Request(query: query, operations: [operation]))
      }
    }
    if !insertions.isEmpty {
      let query = SessionInsertion.query(insertions.map(\.0), statements.addSessions)
      requests.append(Request(query: query, operations: insertions.map(\.1)))
    }
    return requests
  }

  static func run(_ operations: [PostgresWrite], on connection: PostgresConnection) -> [PostgresWrite] {
    let start = ContinuousClock.now
    let statements = operations[0].context.statements
    let requests = requests(for: operations, statements)
    var groups = requests.map { [$0.query] }
    let flush = PostgresQuery(statements.flush)
    if operations.count > 1 {
      groups.append([flush])
    } else if !requests[0].isDurable {
      // Alone, the change and the flush are one transaction: one commit in place of two. Of several, none holds its locks until
      // the disk is done.
      groups[0].append(flush)
    }
    let outcome = connection.run(groups, until: operations.batchDeadline)
    let isFlushed =
      outcome.completeGroups == groups.count && !outcome.hasLocalCommit && outcome.results.last?.last?.isSuccess == true
    if isFlushed {
      operations[0].context.metrics.noteBatch(operations.map { start - $0.queuedAt }, lasting: ContinuousClock.now - start)
    }
    var again: [PostgresWrite] = []
    for (request, results) in zip(requests, outcome.results) {
      if case .failure(let error)? = results.first, error.isOfConnection { connection.abandon() }
      for (row, operation) in request.operations.enumerated() {
        let result = results.first?.map { (rows: $0, own: row) }
        if let next = operation.conclude(result, sharing: request.operations.count > 1, isFlushed: isFlushed, outcome.loss) {
          again.append(next)
        }
      }
    }
    if again.contains(where: { !$0.isRepetition }) {
      // Two that met may meet again.
      usleep(.random(in: 1_000...20_000))
    }
    return again
  }

  /// Reports what became of it, unless it is to be tried again.
  private func conclude(
    _ result: Result<(rows: PostgresResult, own: Int), PostgresError>?, sharing isShared: Bool, isFlushed: Bool,
    _ loss: PostgresConnection.Loss?
  ) -> PostgresWrite? {
    switch result {
    case .success(let result)? where isFlushed && !isLost:
      context.noteSuccess(of: statement)
      report(.success(result))
    case .failure(let error)? where !error.sqlState.isEmpty && error != .aborted:
      // It was undone, no matter what became of the others.
      context.noteRefusal(of: statement, error)
      // Who has the email may not be durable yet. The next time it is found, and that is flushed.
      let isToBeRepeated = isShared || error.isTransient || error.isOfTakenEmail && !isFlushed
      if isToBeRepeated, var next = next(isRepetition: isRepetition) {
        if isShared { next.isAlone = true }
        return next
      }
      report(.failure(StoreError(error)))
    default:
      context.metrics.noteUnknown()
      if repetition != .none, let next = next(isRepetition: true) { return next }
      let reason = loss.map { "\($0)" } ?? "the database did not confirm that the change is durable"
      fail("\(reason); the change may have been made")
    }
    return nil
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
