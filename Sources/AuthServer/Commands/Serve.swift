internal import ArgumentParser
internal import AuthCore
internal import AuthHTTP
internal import CoreMetrics
internal import Glibc
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceLifecycle

/// `AuthServer serve`, and `AuthServer` alone.
struct Serve: AsyncParsableCommand, SettingGroup {
  static let configuration = CommandConfiguration(
    abstract: "An authentication service over HTTP: accounts, sessions and password resets.",
    usage: AuthServer.usage,
    discussion: """
      Serves until SIGTERM or SIGINT. 'AuthServer calibrate' measures how fast this machine hashes passwords, and recommends a cost.

      Every option has an environment variable: \(Environment.prefix)PORT is that of --port, \(Environment.prefix)LINK_BASE that of \
      --link-base. Flags have the value true or false. The file that --config names has every other option by its name, and the \
      numbers of the policy. The command line comes first, then the environment, then the file, then the default. An empty value \
      is an error. 'AuthServer config check' checks all of them, 'AuthServer config show' shows what is in force.
      """,
    helpNames: [.short, .long])

  @OptionGroup var given: ServerSettings

  func run() async throws {
    Signals.ignoreMostSignals()
    // Before the settings are read, so that no later change is missed.
    let hangup = await HangupSignal()
    let configuration: ServerConfiguration
    do { configuration = try ServerConfiguration(given) } catch { throw ValidationError(error) }
    // Before everything that counts.
    let registry = configuration.operationsListen.map { _ in MetricRegistry() }
    if let registry { MetricsSystem.bootstrap(registry) }
    let log = ServerLog(format: configuration.logFormat, level: configuration.logLevel)
    let logger = Logger(label: "AuthServer") { _ in log }
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await serve(configuration, log, hangup, logger, registry)) } catch { outcome = .failure(error) }
    await log.writer.close(within: .seconds(1))
    withExtendedLifetime(hangup) {}
    try outcome.get()
  }

  private func serve(
    _ configuration: ServerConfiguration, _ log: ServerLog, _ hangup: HangupSignal, _ logger: Logger,
    _ registry: MetricRegistry?
  ) async throws {
    for warning in Environment.warnings(settings: Self.settings) { logger.warning("\(warning)") }
    let supervisor = Supervisor(Environment.variables)
    let opened = try await OpenedStore(at: configuration.database) {
      logger.warning("\($0)")
    } onMigration: {
      supervisor.notify(.starting)
      logger.info("\($0)")
    }
    for warning in configuration.warnings { logger.warning("\(warning)") }
    let hasher = BcryptHasher(cost: configuration.bcryptCost.value, threads: configuration.hashThreads.value)
    let auth = Auth(
      policy: configuration.authPolicy, store: opened.store, hasher: hasher,
      events: MultiplexEventSink(EventLog(logger: logger), opened.auditLog), clock: opened.clock)
    let running = RunningAuth(auth, configuration)
    let tls = configuration.tls.map { TLSContext($0) }
    let parts: [any Reloadable] = [log.level, running] + (tls.map { [$0] } ?? [])
    let reloader = Reloader(configuration, parts: parts, logger: logger) { [given] () throws(SettingProblems) in
      try ServerConfiguration(given)
    }
    let readiness = Readiness(
      isOverloaded: { hasher.isOverloaded }, checkStore: opened.checkReadiness, knownProblem: opened.knownProblem)
    // Before it listens: a supervisor that sees the port may stop the server at once.
    let lifetime = await Lifetime()
    var services: [any Service] = []
    if let interval = supervisor.watchdogInterval {
      services.append(WatchdogService(interval: interval) { supervisor.notify(.alive) })
    }
    do {
      // The first ones are stopped last.
      if let address = configuration.operationsListen, let registry {
        services.append(try await OperationsListener.start(on: address, readiness, registry, logger))
      }
      services.append(MaintenanceService(auth: running.auth, purgeAuditLog: opened.purgeAuditLog, logger: logger))
      if let delivery = makeDelivery(configuration.delivery, logger: logger) {
        services.append(DeliveryService(auth: running.auth, delivery: delivery, logger: logger))
      }
      if let webhook = configuration.eventsWebhook {
        // Before it listens: the first request may open an account.
        do { try await opened.accountEvents.keep() } catch { throw StartFailure(description: "\(error)") }
        services.append(AccountEventService(feed: opened.accountEvents, webhook: webhook, logger: logger))
      }
      // The last ones are stopped first: the others still have work to do for the last requests.
      let accessLog = configuration.hasAccessLog ? AccessLog(log.writer, format: configuration.logFormat) : nil
      let connections = ClientConnections(
        routes: running.routes, tls: tls, accessLog: accessLog,
        keepAliveTimeout: .seconds(Int64(configuration.keepAliveTimeout.value)))
      services.append(
        try await HTTPServer(
          configuration, inherited: InheritedSockets.descriptors(Environment.variables), connections: connections, logger: logger
        ) {
          readiness.start()
          supervisor.notify(.ready)
          // Only now: the supervisor takes the end of a reload for a server that is ready.
          hangup.onSignal {
            supervisor.notify(.reloading)
            reloader.reload()
            supervisor.notify(.ready)
          }
        })
    } catch {
      await opened.close()
      throw error
    }
    services.append(
      StopNotice {
        readiness.stop()
        hangup.stop { supervisor.notify(.stopping) }
      })
    try await lifetime.run(services, logger) { await opened.close() }
    logger.info("stopped")
  }

  /// The system's text for an error, without the name of the function that failed.
  static func reason(for error: any Error) -> String {
    guard let error = error as? IOError else { return "\(error)" }
    // SAFETY: the text is copied before another call may replace it.
    return unsafe String(cString: strerror(error.errnoCode))
  }
}

/// A reason not to start, or not to go on, for the operator. The argument parser prints it and exits with status 1.
struct StartFailure: Error, CustomStringConvertible {
  let description: String
}
