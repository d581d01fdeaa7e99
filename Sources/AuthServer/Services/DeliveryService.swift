internal import AuthCore
internal import Logging
internal import ServiceLifecycle

/// Delivers the messages in the outbox.
struct DeliveryService: Service {
  let auth: Auth
  let delivery: any MessageDelivery
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await auth.deliverMessages(through: delivery) { logger.error("\($0)") }
    }
  }
}
