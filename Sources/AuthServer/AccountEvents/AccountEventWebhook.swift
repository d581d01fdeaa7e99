internal import AuthCore
internal import AuthHTTP

/// Posts each account event as JSON.
struct AccountEventWebhook: AccountEventDelivery {
  let webhook: Webhook

  func deliver(_ event: AccountEvent) async throws { try await webhook.post(event.json, id: event.id) }
}

extension AccountEvent {
  /// The event as one line of JSON, its members in alphabetical order: `type`, `id`, `user_id`, `email` and `occurred_at`, which
  /// is RFC 3339 in UTC and whole seconds.
  var json: [UInt8] {
    ["type": kind.rawValue, "id": id, "user_id": "\(userID)", "email": email.text, "occurred_at": at.rfc3339].json
  }
}
