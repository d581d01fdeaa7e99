internal import Glibc
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// How long services run: until a signal, and not much longer.
struct Lifetime {
  /// Open requests get this long to finish after a signal.
  var gracePeriod = Duration.seconds(30)
  /// How much longer the process may take to end.
  var endPeriod = Duration.seconds(10)
  var signals: [UnixSignal] = [.sigterm, .sigint]
  /// Ends a process that is stuck.
  var expire: @Sendable () -> Void = { _exit(EXIT_FAILURE) }

  /// Runs the services, and then what closes their store.
  ///
  /// - Parameter services: the first ones are stopped last.
  /// - Throws: the error of the service that failed first, when the store is closed.
  func run(_ services: [any Service], _ logger: Logger, thenClosing close: () async -> Void) async throws {
    let deadline = EndDeadline(after: gracePeriod + endPeriod, signals: signals.map(\.rawValue), expire: expire)
    var group = ServiceGroupConfiguration(services: [deadline] + services, gracefulShutdownSignals: signals, logger: logger)
    group.maximumGracefulShutdownDuration = gracePeriod
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await ServiceGroup(configuration: group).run()) } catch { outcome = .failure(error) }
    await close()
    withExtendedLifetime(deadline) {}
    try outcome.get()
  }
}
