internal import AuthCore
internal import AuthDB
internal import Logging
internal import ServiceLifecycle

/// Deletes what has ended, now and then, a little at a time.
struct PurgeService: Service {
  /// Rows in a batch: each holds the writer for a few milliseconds.
  private static let batch = 50
  /// Between two batches, for the writes of others.
  private static let breath = Duration.milliseconds(50)
  private static let interval = Duration.seconds(60)

  let auth: Auth
  let auditLog: SQLiteAuditLog
  let logger: Logger

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while true {
        await purge { try await auth.purge(limit: Self.batch) }
        await purge { try await auditLog.purge(at: SystemClock().now, limit: Self.batch) }
        try await Task.sleep(for: Self.interval)
      }
    }
  }

  private func purge(_ batch: () async throws -> Int) async {
    do {
      while try await batch() == Self.batch { try await Task.sleep(for: Self.breath) }
    } catch is CancellationError {
    } catch {
      logger.error("what has ended could not be deleted: \(error)")
    }
  }
}
