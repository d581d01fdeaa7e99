#if Postgres
import AuthCore
import AuthPostgres
import AuthTesting
import Testing

/// One clause after the other: all at once, they would take hundreds of connections, and other tests their time.
@Suite(.serialized) struct ContractTests {
  @Test(arguments: StoreContract.clauses, TemporarySchema.Nodes.allCases)
  func `a PostgreSQL database keeps the contract of stores`(
    _ clause: StoreContract.Clause, for nodes: TemporarySchema.Nodes
  ) async throws {
    try await clause.check(TemporarySchema(for: nodes))
  }

  @Test(arguments: StoreContract.optionalPorts.flatMap(\.clauses))
  func `a PostgreSQL database keeps the contract of events`(_ clause: StoreContract.Clause) async throws {
    try await clause.check(TemporarySchema())
  }
}
#endif
