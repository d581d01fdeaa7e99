import AuthCore
import AuthDB
import AuthTesting
import Testing

@Suite struct ContractTests {
  @Test(arguments: UserRepositoryContract.clauses)
  func `a database file keeps the contract of stores`(_ clause: UserRepositoryContract.Clause) async throws {
    try await clause.check(TemporaryDatabase())
  }

  @Test(arguments: UserRepositoryContract.clauses)
  func `a database in memory keeps the contract of stores`(_ clause: UserRepositoryContract.Clause) async throws {
    let repository = try await SQLiteUserRepository(path: ":memory:")
    try await clause.check(Shared(repository: repository))
  }

  private struct Shared: RepositoryFixture {
    let repository: SQLiteUserRepository
    func open() async throws -> any UserRepository { repository }
  }
}
