public import AuthCore

extension InterceptingStore.Operation {
  /// ``AuthCore/OutboxStore/addMessage(_:limit:)``
  public static let addMessage = Self(writing: "addMessage")
  /// ``AuthCore/OutboxStore/claimMessage(now:until:)``
  public static let claimMessage = Self(writing: "claimMessage")
  /// ``AuthCore/OutboxStore/postponeMessage(_:until:)``
  public static let postponeMessage = Self(writing: "postponeMessage")
  /// ``AuthCore/OutboxStore/removeMessage(_:)``
  public static let removeMessage = Self(writing: "removeMessage")
}

extension InterceptingStore {
  /// ``AuthCore/OutboxStore/addMessage(_:limit:)`` of the base store.
  public func addMessage(_ message: OutboxMessage, limit: Int) async throws(StoreError) -> Bool {
    try await base(for: .addMessage).addMessage(message, limit: limit)
  }

  /// ``AuthCore/OutboxStore/claimMessage(now:until:)`` of the base store.
  public func claimMessage(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> OutboxMessage? {
    try await base(for: .claimMessage).claimMessage(now: now, until: deadline)
  }

  /// ``AuthCore/OutboxStore/postponeMessage(_:until:)`` of the base store.
  public func postponeMessage(_ id: OutboxMessage.ID, until moment: Timestamp) async throws(StoreError) {
    try await base(for: .postponeMessage).postponeMessage(id, until: moment)
  }

  /// ``AuthCore/OutboxStore/removeMessage(_:)`` of the base store.
  public func removeMessage(_ id: OutboxMessage.ID) async throws(StoreError) {
    try await base(for: .removeMessage).removeMessage(id)
  }
}
