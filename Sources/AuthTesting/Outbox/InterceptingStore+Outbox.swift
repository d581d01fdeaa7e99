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
  /// ``AuthCore/OutboxStore/findWaitingMessages(_:after:limit:)``
  public static let findWaitingMessages = Self(reading: "findWaitingMessages")
  /// ``AuthCore/OutboxStore/countMessages()``
  public static let countMessages = Self(reading: "countMessages")
  /// ``AuthCore/OutboxStore/hastenMessages(_:to:limit:)``
  public static let hastenMessages = Self(writing: "hastenMessages")
  /// ``AuthCore/OutboxStore/dropMessages(_:limit:)``
  public static let dropMessages = Self(writing: "dropMessages")
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

  /// ``AuthCore/OutboxStore/findWaitingMessages(_:after:limit:)`` of the base store.
  public func findWaitingMessages(
    _ selection: OutboxMessage.Selection, after last: OutboxMessage?, limit: Int
  ) async throws(StoreError) -> [OutboxMessage.Waiting] {
    try await base(for: .findWaitingMessages).findWaitingMessages(selection, after: last, limit: limit)
  }

  /// ``AuthCore/OutboxStore/countMessages()`` of the base store.
  public func countMessages() async throws(StoreError) -> [OutboxMessage.Kind: OutboxMessage.Backlog] {
    try await base(for: .countMessages).countMessages()
  }

  /// ``AuthCore/OutboxStore/hastenMessages(_:to:limit:)`` of the base store.
  public func hastenMessages(
    _ selection: OutboxMessage.Selection, to now: Timestamp, limit: Int
  ) async throws(StoreError) -> Int {
    try await base(for: .hastenMessages).hastenMessages(selection, to: now, limit: limit)
  }

  /// ``AuthCore/OutboxStore/dropMessages(_:limit:)`` of the base store.
  public func dropMessages(_ selection: OutboxMessage.Selection, limit: Int) async throws(StoreError) -> [OutboxMessage] {
    try await base(for: .dropMessages).dropMessages(selection, limit: limit)
  }
}
