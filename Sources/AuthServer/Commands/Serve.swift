internal import ArgumentParser
internal import AuthCore
internal import AuthDB
internal import AuthHTTP
internal import Glibc
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import UnixSignals

/// `AuthServer serve`, and `AuthServer` alone.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve until SIGTERM or SIGINT.",
    discussion: """
      Each option can be given as an environment variable too: AUTH_HOST, AUTH_PORT, AUTH_DATABASE, AUTH_POLICY, \
      AUTH_BCRYPT_COST, AUTH_HASH_THREADS, AUTH_RESET_DELIVERY, AUTH_RESET_WEBHOOK_URL, AUTH_RESET_WEBHOOK_SECRET_FILE, \
      AUTH_RESET_COMMAND, AUTH_RESET_LINK_BASE, AUTH_TRUSTED_PROXIES, AUTH_ALLOWED_ORIGINS, AUTH_SERVICE_KEY_FILE, \
      AUTH_CONTEXT_WORDS, AUTH_INSECURE_COOKIES (true or false). An option on the command line comes first.
      """)

  @OptionGroup var options: ServerOptions

  /// Open requests get this long to finish after a signal.
  private static let gracePeriod = Duration.seconds(30)

  func run() async throws {
    let configuration = try ServerConfiguration(options)
    let logger = Logger(label: "AuthServer") { _ in ServerLog() }

    let store: SQLiteStore
    do { store = try await SQLiteStore(path: configuration.database) } catch {
      throw StartFailure(description: error.description)
    }
    Self.warn(of: configuration, logger)
    let auditLog = SQLiteAuditLog(store)
    let auth = Auth(
      policy: configuration.authPolicy, store: store,
      hasher: BcryptHasher(cost: configuration.bcryptCost.value, threads: configuration.hashThreads.value),
      events: MultiplexEventSink(EventLog(logger: logger), auditLog))

    var services: [any Service] = [PurgeService(auth: auth, auditLog: auditLog, logger: logger)]
    if let delivery = makeDelivery(configuration.delivery, logger: logger) {
      services.append(DeliveryService(auth: auth, delivery: delivery, logger: logger))
    }
    // The last one is stopped first: what it answers is still to be written and sent.
    services.append(buildService(configuration, auth: auth, logger: logger))
    var lifecycle = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    lifecycle.maximumGracefulShutdownDuration = Self.gracePeriod
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await ServiceGroup(configuration: lifecycle).run()) } catch { outcome = .failure(error) }
    await store.close()
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
      let tokens = configuration.delivery.isInAnswer ? " and reset tokens are given to whoever asks" : ""
      logger.warning("policy classic: any password is accepted\(tokens); use it in trusted networks only")
    } else if !configuration.httpPolicy.cookie.isSecure {
      logger.warning("the session cookie travels over plain HTTP, where whoever listens can take it; for development only")
    }
  }

  /// What the system says, without the name of the function that it says it of.
  private static func reason(for error: any Error) -> String {
    guard let error = error as? IOError else { return "\(error)" }
    // SAFETY: the text is copied before another call may replace it.
    return unsafe String(cString: strerror(error.errnoCode))
  }
}

/// A reason not to start, for the operator. The argument parser prints it and exits with status 1.
struct StartFailure: Error, CustomStringConvertible {
  let description: String
}
