/// The rules of `AuthStore`, as clauses that check any store with any test framework.
///
///     @Test(arguments: StoreContract.clauses)
///     func `my store keeps the contract`(_ clause: StoreContract.Clause) async throws {
///       try await clause.check(MyFixture())
///     }
///
/// Two rules cannot be checked from outside: that a store throws `unavailable` when it cannot respond, and that what it has
/// returned survives a loss of power.
public enum StoreContract {
  /// The ports that `AuthStore` is composed of.
  public static let ports: [Port] = [
    .accounts, .verification, .emailChange, .recoveryEmail, .disabling, .sessions, .resetTokens, .outbox, .throttle,
    .maintenance, .administration,
  ]

  /// Ports that a store may have beside those: ``AuthCore/EventStore``, ``AuthCore/AccountEventStore``.
  public static let optionalPorts: [Port] = [.events, .accountEvents]

  /// Every clause of ``ports``, ordered by port. Each stands alone: they may be checked in any order and at the same time.
  public static let clauses = ports.flatMap(\.clauses)
}
