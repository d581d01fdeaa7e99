import AuthCore
import AuthTesting

extension InterceptedCall {
  static let administration: [InterceptedCall] = [
    .reading(.findAccounts) { try await $0.findAccounts(withPrefix: "", after: nil, limit: 1) },
    .writing(.addUserAndMessage) {
      let message = OutboxMessage(id: "m", kind: .passwordReset, email: email, createdAt: now)
      return try await $0.addUser(email: email, hashedPassword: hash, queueing: message, limit: 1)
    },
    .writing(.importUsers) { try await $0.importUsers([Account.Import(email: email, hash: hash, disabledAt: nil)]) },
    .writing(.eraseUser) { try await $0.eraseUser(1, clearing: [], notice: nil) },
    .writing(.clearCounters) { try await $0.clearCounters(of: [], notice: nil) },
    .reading(.findMessages) { try await $0.findMessages(to: 1) },
    .reading(.statistics) { try await $0.statistics(live: .everySession) },
  ]
}
