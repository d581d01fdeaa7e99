internal import AuthCore
internal import Logging
internal import ServiceLifecycle

/// Posts what becomes of accounts to another system.
struct AccountEventService: Service {
  let feed: AccountEventFeed
  let webhook: Webhook
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await feed.deliver(through: AccountEventWebhook(webhook: webhook)) { log($0) }
    }
  }

  /// Under the keys that other lines about a user have.
  private func log(_ failure: AccountEventFeed.Failure) {
    var metadata: Logger.Metadata = [:]
    metadata["message"] = failure.event.map { "\($0.id)" }
    metadata["user"] = failure.event.map { "\($0.userID)" }
    logger.error("\(failure)", metadata: metadata)
  }
}
