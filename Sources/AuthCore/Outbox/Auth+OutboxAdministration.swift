extension Auth {
  /// The messages that wait to be delivered, the oldest first. They hold no token.
  public func waitingMessages(_ selection: OutboxMessage.Selection = .init()) -> OutboxList {
    OutboxList(store: store, selection: selection)
  }

  /// How many messages of each kind wait.
  public func messageBacklogs() async throws(AuthError) -> [OutboxMessage.Kind: OutboxMessage.Backlog] {
    do { return try await store.countMessages() } catch { throw AuthError(error) }
  }

  /// Lets messages be tried at once that would be tried later, because they could not be delivered or wait behind one that could
  /// not. How old they are, and so when they are given up, stays the same.
  ///
  /// One that is being delivered just now may be delivered twice, with the same id.
  ///
  /// - Returns: how many are tried sooner.
  public func retryMessages(_ selection: OutboxMessage.Selection) async throws(AuthError) -> Int {
    let now = clock.now
    return try await inBatches { limit throws(StoreError) in
      try await store.hastenMessages(selection, to: now, limit: limit)
    }
  }

  /// Deletes messages that wait, and records an event for each. What caused them stays as it is: a registration can still be
  /// requested again, a changed password is changed.
  ///
  /// One that is being delivered just now may arrive nevertheless.
  ///
  /// - Returns: how many were deleted.
  public func dropMessages(_ selection: OutboxMessage.Selection, from client: Client) async throws(AuthError) -> Int {
    try await inBatches { limit throws(StoreError) in
      let dropped = try await store.dropMessages(selection, limit: limit)
      for message in dropped { record(.messageDropped, of: message.userID, email: message.email.text, from: client) }
      return dropped.count
    }
  }

  /// Repeats a change of at most so many messages until it has found fewer. Other writes go between two of them.
  private func inBatches(
    _ change: (_ limit: Int) async throws(StoreError) -> Int
  ) async throws(AuthError) -> Int {
    let batch = 200
    var (total, count) = (0, batch)
    while count == batch {
      do { count = try await change(batch) } catch { throw AuthError(error) }
      total += count
    }
    return total
  }
}
