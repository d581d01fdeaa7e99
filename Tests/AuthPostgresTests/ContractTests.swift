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
#endif
