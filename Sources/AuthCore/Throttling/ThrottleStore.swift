/// The store's port for throttling: counters of attempts.
public protocol ThrottleStore: Sendable {
  /// The counter of each key, in their order; ``Throttle/Counter/none`` where nothing is stored. All are read at one moment.
  func findCounters(of keys: [Throttle.Key]) async throws(StoreError) -> [Throttle.Counter]

  /// Counts an attempt: applies ``Throttle/Attempt/settle(_:queueing:)`` to the counters of its keys and stores those that
  /// changed, in one step. Each attempt sees what the previous one on the same counters left. A counter with a count of 0 is
  /// deleted. The message that comes of it is queued in the same step, if its user exists.
  func settle(_ attempt: Throttle.Attempt) async throws(StoreError) -> Throttle.Outcome
}
