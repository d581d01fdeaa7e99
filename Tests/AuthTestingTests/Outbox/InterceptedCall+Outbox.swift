import AuthCore
import AuthTesting

extension InterceptedCall {
  /// The calls of `OutboxStore`.
  static let outbox: [Self] = [
    .writing(.addMessage) {
      try await $0.addMessage(OutboxMessage(id: "a message", kind: .passwordReset, email: email, createdAt: now), limit: 1)
    },
    .writing(.claimMessage) { try await $0.claimMessage(now: now, until: now + .seconds(1)) },
    .writing(.postponeMessage) { try await $0.postponeMessage("a message", until: now) },
    .writing(.removeMessage) { try await $0.removeMessage("a message") },
    .reading(.findWaitingMessages) { try await $0.findWaitingMessages(.init(), after: nil, limit: 1) },
    .reading(.countMessages) { try await $0.countMessages() },
    .writing(.hastenMessages) { try await $0.hastenMessages(.init(), to: now, limit: 1) },
    .writing(.dropMessages) { try await $0.dropMessages(.init(), limit: 1) },
  ]
}
