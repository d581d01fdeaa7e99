internal import ServiceLifecycle

/// Tells the readiness that the server is stopping. The last of the services, because services are stopped from the last to the
/// first.
struct StopNotice: Service {
  let readiness: Readiness

  func run() async throws {
    try await gracefulShutdown()
    readiness.stop()
  }
}
