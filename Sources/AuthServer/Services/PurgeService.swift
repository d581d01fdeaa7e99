internal import Logging
internal import ServiceLifecycle

/// Deletes expired rows now and then, a few at a time.
struct PurgeService: Service {
  /// Deletes at most so many rows, and says how many.
  typealias Purge = @Sendable (_ limit: Int) async throws -> Int

  /// Rows in a batch: each holds the writer for a few milliseconds.
  private static let batch = 50
  /// Between two batches, for other writes.
  private static let breath = Duration.milliseconds(50)
  private static let interval = Duration.seconds(60)

  let purges: [Purge]
  let logger: Logger

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while true {
        for purge in purges { await deleteAll(purge) }
        try await Task.sleep(for: Self.interval)
      }
    }
  }

  private func deleteAll(_ purge: Purge) async {
    do {
      while try await purge(Self.batch) == Self.batch { try await Task.sleep(for: Self.breath) }
    } catch is CancellationError {
    } catch {
      logger.error("expired rows could not be deleted: \(error)")
    }
  }
}
