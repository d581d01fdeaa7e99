internal import ArgumentParser
internal import AuthCore
internal import AuthHTTP
internal import CoreMetrics
internal import Glibc
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import UnixSignals

/// `AuthServer serve`, and `AuthServer` alone.
struct Serve: AsyncParsableCommand, SettingGroup {
  static let configuration = CommandConfiguration(
    abstract: "An authentication service over HTTP: accounts, sessions and password resets.",
    usage: AuthServer.usage,
    discussion: """
      Serves until SIGTERM or SIGINT. 'AuthServer calibrate' measures how fast this machine hashes passwords, and recommends a cost.

      Every option has an environment variable: \(Environment.prefix)PORT is that of --port, \(Environment.prefix)LINK_BASE that of \
      --link-base. Flags have the value true or false. The command line comes first, then the environment, then the default. \
      An empty value is an error.
      """,
    helpNames: [.short, .long])

  @OptionGroup(title: "Service") var service: ServiceSettings
  @OptionGroup(title: "Passwords") var passwords: PasswordSettings
  @OptionGroup(title: "Delivery of messages") var delivery: DeliverySettings
  @OptionGroup(title: "Clients") var clients: ClientSettings
  @OptionGroup(title: "Log") var log: LogSettings
  @OptionGroup(title: "Operations") var operations: OperationsSettings

  /// Open requests get this long to finish after a signal.
  private static let gracePeriod = Duration.seconds(30)
  /// How much longer the process may take to end.
  private static let endPeriod = Duration.seconds(10)

  func run() async throws {
    let configuration = try ServerConfiguration(self)
    Signals.ignoreMostSignals()
    // Before everything that counts.
    let registry = configuration.operationsListen.map { _ in MetricRegistry() }
    if let registry { MetricsSystem.bootstrap(registry) }
    let log = ServerLog(format: configuration.logFormat, level: configuration.logLevel)
    let logger = Logger(label: "AuthServer") { _ in log }
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await serve(configuration, log, logger, registry)) } catch { outcome = .failure(error) }
    await log.writer.close(within: .seconds(1))
    try outcome.get()
  }

  private func serve(
    _ configuration: ServerConfiguration, _ log: ServerLog, _ logger: Logger, _ registry: MetricRegistry?
  ) async throws {
    for warning in Environment.warnings(settings: Self.settings) { logger.warning("\(warning)") }
    let opened = try await OpenedStore(at: configuration.database)
    Self.warn(of: configuration, logger)
    let hasher = BcryptHasher(cost: configuration.bcryptCost.value, threads: configuration.hashThreads.value)
    let auth = Auth(
      policy: configuration.authPolicy, store: opened.store, hasher: hasher,
      events: MultiplexEventSink(EventLog(logger: logger), opened.auditLog))

    let deadline = EndDeadline(after: Self.gracePeriod + Self.endPeriod)
    let readiness = Readiness(isOverloaded: { hasher.isOverloaded }, checkStore: opened.checkReadiness)
    var services: [any Service] = []
    if let address = configuration.operationsListen, let registry {
      // The first one is stopped last.
      do { services.append(try await OperationsListener.start(on: address, readiness, registry, logger)) } catch {
        await opened.close()
        throw error
      }
    }
    services += [
      deadline,
      MaintenanceService(auth: auth, purgeAuditLog: opened.purgeAuditLog, logger: logger),
    ]
    if let delivery = makeDelivery(configuration.delivery, logger: logger) {
      services.append(DeliveryService(auth: auth, delivery: delivery, logger: logger))
    }
    // The last ones are stopped first: the others still have work to do for the last requests.
    let accessLog = configuration.hasAccessLog ? AccessLog(log.writer, format: configuration.logFormat) : nil
    services.append(
      buildService(configuration, auth: auth, logger: logger, accessLog: accessLog) { readiness.start() })
    services.append(StopNotice(readiness: readiness))
    var lifecycle = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    lifecycle.maximumGracefulShutdownDuration = Self.gracePeriod
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await ServiceGroup(configuration: lifecycle).run()) } catch { outcome = .failure(error) }
    await opened.close()
    withExtendedLifetime(deadline) {}
    if case .failure(let error) = outcome {
      throw StartFailure(
        description: """
          cannot serve on \(configuration.host):\(configuration.port.value): \(Self.reason(for: error)); \
          choose another with --host or --port
          """)
    }
    logger.info("stopped")
  }

  private static func warn(of configuration: ServerConfiguration, _ logger: Logger) {
    if configuration.policy == .classic {
      let tokens = configuration.delivery.isInResponse ? " and every client is given reset tokens" : ""
      logger.warning("policy classic: any password is accepted\(tokens); use it in trusted networks only")
    } else if !configuration.httpPolicy.cookie.isSecure {
      logger.warning("the session cookie is sent over plain HTTP, where it can be read in transit; for development only")
    }
  }

  /// The system's text for an error, without the name of the function that failed.
  static func reason(for error: any Error) -> String {
    guard let error = error as? IOError else { return "\(error)" }
    // SAFETY: the text is copied before another call may replace it.
    return unsafe String(cString: strerror(error.errnoCode))
  }
}

/// A reason not to start, for the operator. The argument parser prints it and exits with status 1.
struct StartFailure: Error, CustomStringConvertible {
  let description: String
}
