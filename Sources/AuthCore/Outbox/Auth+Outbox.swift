extension Auth {
  /// The result of delivering a message.
  @nonexhaustive
  public enum DeliveryOutcome: Sendable {
    /// No message is due now.
    case nothingDue
    /// The message was delivered, and is gone from the outbox.
    case delivered
    /// No account has the email, or one that is unverified, or the registration or change has ended. The message is gone.
    case unknownUser
    /// The delivery threw this error. The message will be tried again.
    case failed(OutboxMessage.Reference, any Error)
    /// The message is older than ``Auth/deliveryWindow``, and gone.
    case givenUp(OutboxMessage.Reference)
    /// The delivery said that it can never deliver the message, which is gone.
    case undeliverable(OutboxMessage.Reference, UndeliverableMessage)
  }

  /// Why a message was not delivered, or why none could be.
  @nonexhaustive
  public enum DeliveryFailure: Sendable, CustomStringConvertible {
    /// The delivery threw this error. The message will be tried again.
    case failed(OutboxMessage.Reference, any Error)
    /// The message could not be delivered within ``Auth/deliveryWindow``, and is gone.
    case givenUp(OutboxMessage.Reference)
    /// The delivery said that it can never deliver the message, which is gone.
    case undeliverable(OutboxMessage.Reference, UndeliverableMessage)
    /// The outbox cannot be read or written. It will be tried again.
    case unavailable(AuthError)

    /// A sentence for a log. It contains neither token nor email, provided that the delivery keeps them out of its errors.
    public var description: String {
      switch self {
      case .failed(_, let error): "a message was not delivered and will be tried again: \(error)"
      case .givenUp: "a message could not be delivered within a day and was given up"
      case .undeliverable(_, let error): "a message cannot be delivered and was given up: \(error)"
      case .unavailable(let error): "messages cannot be delivered: \(error)"
      }
    }

    /// The message that it is about; nil if it is about all of them.
    public var message: OutboxMessage.Reference? {
      switch self {
      case .failed(let message, _), .givenUp(let message), .undeliverable(let message, _): message
      case .unavailable: nil
      }
    }
  }

  /// How long the delivery of a message is retried before the message is given up.
  public static let deliveryWindow = Duration.seconds(24 * 3600)

  /// Delivers messages until the task is cancelled. Run it alongside the service, in as many processes as you like.
  ///
  /// - Parameters:
  ///   - delivery: brings the messages to their recipients.
  ///   - workers: how many messages are delivered at a time, so that a slow one does not hold up the others.
  ///   - interval: how long an idle worker waits before it looks again for messages, which other processes may have queued.
  ///   - onFailure: called with every failure. Log it: it is reported nowhere else.
  public func deliverMessages(
    through delivery: some MessageDelivery, workers: Int = 4, interval: Duration = .seconds(1),
    onFailure: @escaping @Sendable (DeliveryFailure) -> Void
  ) async {
    await Self.deliverMessages(of: { self }, through: delivery, workers: workers, interval: interval, onFailure: onFailure)
  }

  /// The loop of ``deliverMessages(through:workers:interval:onFailure:)`` for an `Auth` that is replaced meanwhile.
  ///
  /// - Parameter current: returns the one in force.
  package static func deliverMessages(
    of current: @escaping @Sendable () -> Auth, through delivery: some MessageDelivery, workers: Int = 4,
    interval: Duration = .seconds(1), onFailure: @escaping @Sendable (DeliveryFailure) -> Void
  ) async {
    await DeliveryLoop.run(workers: workers, interval: interval) {
      await current().deliverNext(through: delivery, onFailure: onFailure)
    }
  }

  /// Delivers the message that has been due longest, if one is due. Several processes may call it at once: a message is claimed
  /// by one at a time, and the claim of a process that dies expires. Messages of one kind to one email are delivered in the order
  /// in which they were queued, so one that cannot be delivered holds up those behind it, until it is given up.
  public func deliverNextMessage(through delivery: some MessageDelivery) async throws(AuthError) -> DeliveryOutcome {
    let now = clock.now
    let claimed: OutboxMessage?
    do { claimed = try await store.claimMessage(now: now, until: now + DeliveryLoop.claim) } catch { throw AuthError(error) }
    guard let claimed else { return .nothingDue }
    // Checked before the delivery, so that a message whose workers die of it, and report nothing, is given up as well.
    guard now < claimed.createdAt + Self.deliveryWindow else {
      try await remove(claimed)
      metrics.count(.givenUp)
      record(.messageGivenUp, of: claimed.userID, email: claimed.email.text, from: .unknown)
      return .givenUp(OutboxMessage.Reference(id: claimed.id, userID: claimed.userID))
    }
    guard let (message, userID) = try await message(for: claimed) else {
      try await remove(claimed)
      metrics.count(.unknownUser)
      return .unknownUser
    }
    do { try await delivery.deliver(message) } catch let error as UndeliverableMessage {
      // Removed before it is reported: a message that cannot be removed comes back, and is reported then.
      try await remove(claimed)
      metrics.count(.undeliverable)
      record(.messageUndeliverable, of: userID, email: claimed.email.text, from: .unknown)
      return .undeliverable(OutboxMessage.Reference(id: claimed.id, userID: userID), error)
    } catch {
      metrics.count(.failed)
      try await postpone(claimed)
      return .failed(OutboxMessage.Reference(id: claimed.id, userID: userID), error)
    }
    metrics.count(.delivered)
    try await remove(claimed)
    return .delivered
  }

  /// A message that is due at once.
  func newMessage(
    _ kind: OutboxMessage.Kind, to email: Email, of userID: User.ID?, payload: String? = nil
  ) -> OutboxMessage {
    OutboxMessage(
      id: TokenFormat.uuid.makeToken(random), kind: kind, userID: userID, email: email, payload: payload, createdAt: clock.now)
  }

  /// Whether a message was due.
  private func deliverNext(
    through delivery: some MessageDelivery, onFailure: @Sendable (DeliveryFailure) -> Void
  ) async -> Bool {
    let outcome: DeliveryOutcome
    do { outcome = try await deliverNextMessage(through: delivery) } catch {
      onFailure(.unavailable(error))
      return false
    }
    switch outcome {
    case .nothingDue: return false
    case .delivered, .unknownUser: return true
    case .failed(let message, let error): onFailure(.failed(message, error))
    case .givenUp(let message): onFailure(.givenUp(message))
    case .undeliverable(let message, let error): onFailure(.undeliverable(message, error))
    }
    return true
  }

  /// The message that a row of the outbox stands for, and the account that it concerns; nil when there is nothing to send.
  ///
  /// - Throws: ``AuthError/unavailable(_:)`` for a kind that only a newer release knows; the message stays in the outbox.
  private func message(for stored: OutboxMessage) async throws(AuthError) -> (AuthMessage, User.ID?)? {
    switch stored.kind {
    case .passwordReset:
      return try await resetMessage(for: stored)
    case .emailVerification:
      return try await verificationMessage(for: stored)
    case .emailChange:
      return try await emailChangeMessage(for: stored)
    case .emailChangeRequested, .emailChanged:
      return try await takeBackMessage(for: stored)
    case .recoveryEmail:
      return try await recoveryEmailMessage(for: stored)
    case .recoveryNotice:
      return (try AuthMessage(copy: stored), stored.userID)
    default:
      guard let content = AuthMessage.Content(notice: stored) else { throw .unknownMessageKind }
      return (AuthMessage(id: stored.id, email: stored.email, content: content), stored.userID)
    }
  }

  private func remove(_ message: OutboxMessage) async throws(AuthError) {
    do { try await store.removeMessage(message.id) } catch { throw AuthError(error) }
  }

  private func postpone(_ message: OutboxMessage) async throws(AuthError) {
    let next = clock.now + DeliveryLoop.delay(afterTries: message.tries)
    do { try await store.postponeMessage(message.id, until: next) } catch { throw AuthError(error) }
  }
}
