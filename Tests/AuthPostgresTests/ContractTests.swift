#if Postgres
import AuthCore
import AuthPostgres
import AuthTesting
import Testing

/// One clause after the other: all at once, they would take hundreds of connections, and other tests their time.
@Suite(.serialized) struct ContractTests {
  @Test(arguments: StoreContract.clauses + StoreContract.optionalPorts.flatMap(\.clauses))
  func `a PostgreSQL database keeps the contract of stores`(_ clause: StoreContract.Clause) async throws {
    try await clause.check(TemporarySchema())
  }
}

/// In a suite of its own, to run beside the one above: both mostly wait.
@Suite(.serialized) struct TwoNodesContractTests {
  @Test(arguments: StoreContract.clauses)
  func `two stores on a server with a standby keep the contract of stores`(_ clause: StoreContract.Clause) async throws {
    try await clause.check(TemporarySchema(for: .two))
  }
}

/// A change whose response was lost is made again, and says that it is a repetition: it must return what the first one did, and
/// change nothing more.
@Suite(.serialized) struct LostResponseTests {
  /// They make a change twice, and the second one finds what a repetition looks for. Of a user who was deleted for another, a
  /// repetition knows nothing.
  private static let exceptions: Set = [
    "ids count upwards", "after a change of email the former one is free and the new one is taken",
    "completing a registration creates its user, whose email is verified",
    "of simultaneous completions for one email exactly one succeeds",
    "verifying the registration of an unverified account makes it one like any other, and leaves it as it is",
    "verifying another registration deletes the unverified account with everything that belongs to it",
    "of simultaneous verifications and openings for an email with an unverified account exactly one gets it",
    "a change to the email of an unverified account deletes that account with everything that belongs to it",
    "confirming a change sets the email, which is verified, revokes the reset token, and ends the change alone",
    "of simultaneous changes, registrations and additions of one email exactly one succeeds",
    "of a confirmation and a reset, a newer request, or a take-back at once, exactly one succeeds",
    "confirming a request sets the recovery email, which others may have, and revokes the reset token, no more",
    "exactly one of several simultaneous confirmations of a request succeeds, and it queues one notice",
  ]

  private static let clauses = [
    StoreContract.Port.accounts, .verification, .emailChange, .recoveryEmail, .resetTokens,
  ].flatMap(\.clauses)

  @Test(arguments: clauses.filter { !exceptions.contains($0.rule) })
  func `a change whose response is lost happens once, and returns what it did`(_ clause: StoreContract.Clause) async throws {
    try await clause.check(TemporarySchema(for: .losingResponses))
  }

  @Test func `every exception is a clause`() {
    #expect(Self.exceptions.isSubset(of: Self.clauses.map(\.rule)))
  }
}
#endif
