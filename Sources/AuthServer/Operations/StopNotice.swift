internal import ServiceLifecycle

/// Reports that the server is stopping. The last of the services, because services are stopped from the last to the first.
struct StopNotice: Service {
  let notify: @Sendable () -> Void

  func run() async throws {
    try await gracefulShutdown()
    notify()
  }
}
