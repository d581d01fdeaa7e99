internal import AuthCore
internal import Logging
internal import ServiceLifecycle

/// Delivers the reset tokens that were asked for.
struct DeliveryService: Service {
  /// How long a message waits at most until a worker that has nothing to do looks for it: requests also come through other processes.
  private static let interval = Duration.seconds(1)
  /// How many are delivered at a time: one that does not get through must not keep others waiting.
  private static let workers = 4

  let auth: Auth
  let delivery: any ResetDelivery
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await withTaskGroup { group in
        for _ in 0..<Self.workers { group.addTask { await deliver() } }
      }
    }
  }

  private func deliver() async {
    while !Task.isCancelled {
      do {
        guard try await deliverNext() else {
          try await Task.sleep(for: Self.interval)
          continue
        }
      } catch is CancellationError {
        return
      } catch {
        logger.error("reset tokens cannot be delivered: \(error)")
        try? await Task.sleep(for: Self.interval)
      }
    }
  }

  /// False when there was none to be delivered.
  private func deliverNext() async throws -> Bool {
    switch try await auth.deliverNextReset(through: delivery) {
    case .nothingDue: return false
    case .delivered, .unknownUser: break
    case .failed(let error): logger.error("a reset token was not delivered, and will be tried again: \(error)")
    case .givenUp: logger.error("a reset token was not delivered for a day, and is given up")
    }
    return true
  }
}
