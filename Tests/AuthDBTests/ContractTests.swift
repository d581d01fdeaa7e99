import AuthCore
import AuthDB
import AuthTesting
import Testing

@Suite struct ContractTests {
  @Test(arguments: StoreContract.clauses + StoreContract.optionalPorts.flatMap(\.clauses))
  func `a database file keeps the contract of stores`(_ clause: StoreContract.Clause) async throws {
    try await clause.check(TemporaryDatabase())
  }

  @Test(arguments: StoreContract.clauses + StoreContract.optionalPorts.flatMap(\.clauses))
  func `a database in memory keeps the contract of stores`(_ clause: StoreContract.Clause) async throws {
    let store = try await SQLiteStore(path: ":memory:", busyTimeout: patience)
    try await clause.check(Shared(store: store))
  }

  private struct Shared: StoreFixture {
    let store: SQLiteStore
    func open() async throws -> any AuthStore { store }
  }
}
