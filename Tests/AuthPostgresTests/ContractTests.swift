#if Postgres
import AuthCore
import AuthPostgres
import AuthTesting
import Testing

@Suite struct ContractTests {
  @Test(arguments: StoreContract.clauses)
  func `a PostgreSQL database keeps the contract of stores`(_ clause: StoreContract.Clause) async throws {
    try await clause.check(TemporarySchema())
  }
}
#endif
