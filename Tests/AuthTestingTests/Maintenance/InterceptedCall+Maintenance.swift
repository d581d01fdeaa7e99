import AuthCore
import AuthTesting

extension InterceptedCall {
  /// The calls of `MaintenanceStore`.
  static let maintenance: [Self] = [
    .writing(.purge) { try await $0.purge(Purge.Scope(live: .everySession, countersBefore: now, limit: 1)) },
    .reading(.gauges) { try await $0.gauges(live: .everySession) },
  ]
}
