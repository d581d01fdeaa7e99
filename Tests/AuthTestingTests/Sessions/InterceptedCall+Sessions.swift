import AuthCore
import AuthTesting

extension InterceptedCall {
  /// The calls of `SessionStore`.
  static let sessions: [Self] = [
    .writing(.addSession) {
      try await $0.addSession(
        session, limit: 1, live: .everySession, ifPassword: nil, replacing: nil, settling: nil,
        recognizing: nil)
    },
    .reading(.findSession) { try await $0.findSession(digest, in: .everySession) },
    .reading(.findUserOfSession) { try await $0.findUser(withSession: digest, in: .everySession) },
    .reading(.findProfile) { try await $0.findProfile(for: digest, in: .everySession) },
    .reading(.findSessions) { try await $0.findSessions(of: 1, in: .everySession) },
    .writing(.touchSession) { try await $0.touchSession(digest, at: now) },
    .writing(.endSession) { try await $0.endSession(digest, in: .everySession) },
    .writing(.endSessions) { try await $0.endSessions(.all, of: 1, in: .everySession) },
  ]
}
