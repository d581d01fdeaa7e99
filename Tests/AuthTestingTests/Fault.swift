import AuthTesting

/// A mistake that stores are known to make. At least one clause must notice each.
///
/// The faults of a port are declared and listed in its folder; ``FaultyStore`` makes them.
struct Fault: Sendable, Hashable, CustomStringConvertible {
  typealias Reopening = @Sendable (FaultyStore) async throws -> Void

  /// What tells faults apart.
  let name: String
  /// The clauses that must notice it. Others may, too.
  let clauses: [StoreContract.Clause]
  /// What goes wrong when the store is opened again.
  let reopening: Reopening

  init(_ name: String, noticedBy clauses: StoreContract.Clause..., reopening: @escaping Reopening = { _ in }) {
    self.name = name
    self.clauses = clauses
    self.reopening = reopening
  }

  static func == (one: Fault, other: Fault) -> Bool { one.name == other.name }

  func hash(into hasher: inout Hasher) { hasher.combine(name) }

  var description: String { name }
}

extension Fault {
  static let all = [
    accounts, verification, unverifiedAccounts, emailChange, recoveryEmail, disabling, sessions, resetTokens, outbox, throttle,
    maintenance, administration, events, accountEvents,
  ].flatMap(\.self)
}
