import AuthCore
import AuthTesting

/// A call of one requirement of a port, and the operation as which `InterceptingStore` must show it.
///
/// The calls of a port are in its folder. A call need not succeed.
struct InterceptedCall: Sendable, CustomStringConvertible {
  let operation: InterceptingStore.Operation
  let isWrite: Bool
  let run: @Sendable (any AuthStore) async throws -> Void

  private init<Outcome>(
    _ operation: InterceptingStore.Operation, isWrite: Bool, _ call: @escaping @Sendable (any AuthStore) async throws -> Outcome
  ) {
    self.operation = operation
    self.isWrite = isWrite
    run = { _ = try await call($0) }
  }

  var description: String { operation.description }

  static func reading<Outcome>(
    _ operation: InterceptingStore.Operation, _ call: @escaping @Sendable (any AuthStore) async throws -> Outcome
  ) -> Self {
    Self(operation, isWrite: false, call)
  }

  static func writing<Outcome>(
    _ operation: InterceptingStore.Operation, _ call: @escaping @Sendable (any AuthStore) async throws -> Outcome
  ) -> Self {
    Self(operation, isWrite: true, call)
  }
}

extension InterceptedCall {
  static let all = [
    accounts, verification, emailChange, recoveryEmail, disabling, sessions, resetTokens, outbox, throttle, maintenance,
    administration,
  ].flatMap(\.self)
}

/// What the calls are about.
extension InterceptedCall {
  static let email = Email(stored: "bob@me.com")
  static let hash = PasswordHash("a hash")
  static let now = Timestamp(secondsSince1970: 1_700_000_000)
  static let digest = TokenDigest(hex: "a digest")
  static let session = Session(id: digest, userID: 1, createdAt: now, lastUsedAt: now, expiresAt: now + .seconds(60))
}
