internal import Glibc
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// How long services run: until a signal, and not much longer.
struct Lifetime {
  /// Open requests get this long to finish after a signal.
  private let gracePeriod: Duration
  private let signals: UnixSignalsSequence
  private let deadline: EndDeadline

  /// From now on the signals do not end the process at once: one that comes before the services run stops them when they do.
  ///
  /// - Parameters:
  ///   - endPeriod: how much longer than the grace period the process may take to end.
  ///   - expire: ends a process that is stuck.
  init(
    gracePeriod: Duration = .seconds(30), endPeriod: Duration = .seconds(10), signals: [UnixSignal] = [.sigterm, .sigint],
    expire: @escaping @Sendable () -> Void = { _exit(EXIT_FAILURE) }
  ) async {
    self.gracePeriod = gracePeriod
    self.signals = await UnixSignalsSequence(trapping: signals)
    deadline = EndDeadline(after: gracePeriod + endPeriod, signals: signals.map(\.rawValue), expire: expire)
  }

  /// Runs the services, and then what closes their store.
  ///
  /// - Parameter services: the first ones are stopped last.
  /// - Throws: the error of the service that failed first, when the store is closed.
  func run(_ services: [any Service], _ logger: Logger, thenClosing close: () async -> Void) async throws {
    var group = ServiceGroupConfiguration(services: services, logger: logger)
    let stop = StopSignal(signals: signals)
    group.services.append(.init(service: stop, successTerminationBehavior: .gracefullyShutdownGroup))
    group.maximumGracefulShutdownDuration = gracePeriod
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await ServiceGroup(configuration: group).run()) } catch { outcome = .failure(error) }
    await close()
    withExtendedLifetime(deadline) {}
    try outcome.get()
  }

  /// Runs until a signal comes, or has come.
  private struct StopSignal: Service {
    let signals: UnixSignalsSequence

    func run() async {
      await cancelWhenGracefulShutdown {
        for await _ in signals { return }
      }
    }
  }
}
