import AuthCore
import AuthTesting

extension InterceptedCall {
  /// The calls of `AccountStore`.
  static let accounts: [Self] = [
    .writing(.addUser) { try await $0.addUser(email: email, hashedPassword: hash) },
    .reading(.findUser) { try await $0.findUser(by: [.id(1)]) },
    .reading(.findUserAndCounters) { try await $0.findUser(email: email, counters: []) },
    .writing(.updateUser) { try await $0.updateUser(1, [.hashedPassword(hash)]) },
    .writing(.replaceHashedPassword) { try await $0.replaceHashedPassword(of: 1, hash, with: hash) },
    .writing(.changePassword) {
      try await $0.changePassword(of: 1, hash, to: hash, renewing: digest, as: session, endingOthers: true, notice: nil)
    },
    .writing(.deleteUser) { try await $0.deleteUser(1, ifPassword: hash, notice: nil) },
  ]
}
