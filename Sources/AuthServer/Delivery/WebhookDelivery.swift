internal import AuthCore

/// Posts each message as JSON.
struct WebhookDelivery: MessageDelivery {
  let webhook: Webhook
  let linkBase: LinkBase?

  func deliver(_ message: AuthMessage) async throws {
    try await webhook.post(message.json(linkBase: linkBase), id: message.id)
  }
}
