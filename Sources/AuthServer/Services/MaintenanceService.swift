internal import AuthCore
internal import Logging
internal import ServiceLifecycle

/// Deletes expired rows now and then, a few at a time.
struct MaintenanceService: Service {
  let auth: Current<Auth>
  let purgeAuditLog: Auth.PurgeStep
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await Auth.runMaintenance(of: { auth.value }, purging: [purgeAuditLog]) {
        logger.error("expired rows could not be deleted: \($0)")
      }
    }
  }
}
