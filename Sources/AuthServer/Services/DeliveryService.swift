internal import AuthCore
internal import Logging
internal import ServiceLifecycle

/// Delivers the messages in the outbox.
struct DeliveryService: Service {
  let auth: Current<Auth>
  let delivery: any MessageDelivery
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await Auth.deliverMessages(of: { auth.value }, through: delivery) { log($0) }
    }
  }

  /// Under the keys that other lines about a user have.
  private func log(_ failure: Auth.DeliveryFailure) {
    var metadata: Logger.Metadata = [:]
    metadata["message"] = failure.message.map { "\($0.id)" }
    metadata["user"] = failure.message?.userID.map { "\($0)" }
    logger.error("\(failure)", metadata: metadata)
  }
}
