import AuthCore
import AuthTesting

extension InterceptedCall {
  static let disabling: [InterceptedCall] = [
    .writing(.disableUser) { try await $0.disableUser(1, at: now, endingSessionsIn: .everySession, notice: nil) },
    .writing(.enableUser) { try await $0.enableUser(1, notice: nil) },
    .reading(.disabledAt) { try await $0.disabledAt(1) },
  ]
}
