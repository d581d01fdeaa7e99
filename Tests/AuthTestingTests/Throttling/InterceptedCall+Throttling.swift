import AuthCore
import AuthTesting

extension InterceptedCall {
  /// The calls of `ThrottleStore`.
  static let throttle: [Self] = [
    .reading(.findCounters) { try await $0.findCounters(of: []) },
    .writing(.settle) { try await $0.settle(Throttle.Attempt([], memory: .zero, at: now)) },
  ]
}
