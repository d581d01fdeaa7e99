import AuthCore
import AuthTesting
import Testing

struct InMemoryFixture: RepositoryFixture {
  private let repository = InMemoryUserRepository()

  func open() async throws -> any UserRepository { repository }
}

/// Stands for a store whose file is locked.
struct UnavailableFixture: RepositoryFixture {
  func open() async throws -> any UserRepository { throw RepositoryError.unavailable("locked") }
}

@Suite("The contract of stores")
struct UserRepositoryContractTests {
  @Test("the store in memory keeps every clause", arguments: UserRepositoryContract.clauses)
  func storeInMemory(_ clause: UserRepositoryContract.Clause) async throws {
    try await clause.check(InMemoryFixture())
  }

  @Test("every fault is noticed by the clauses named for it", arguments: Fault.allCases)
  func fault(_ fault: Fault) async throws {
    for name in fault.clauses {
      let clause = try #require(UserRepositoryContract.clauses.first { $0.name == name }, "no clause is named \(name)")
      let violation = await #expect(throws: ContractViolation.self) { try await clause.check(FaultyFixture(fault)) }
      #expect(violation?.clause == clause.description)
    }
  }

  @Test("every clause notices a fault")
  func coverage() {
    let noticed = Set(Fault.allCases.flatMap(\.clauses))
    #expect(UserRepositoryContract.clauses.map(\.name).filter { !noticed.contains($0) } == [])
  }

  @Test("no two clauses have one name, and no subject is without a clause")
  func names() {
    let clauses = UserRepositoryContract.clauses
    #expect(Set(clauses.map(\.name)).count == clauses.count)
    #expect(Set(clauses.map(\.subject)) == Set(UserRepositoryContract.Subject.allCases))
  }

  @Test("a violation says which clause, what was expected and what came")
  func violationDescription() async throws {
    let clause = try #require(UserRepositoryContract.clauses.first)
    let violation = await #expect(throws: ContractViolation.self) { try await clause.check(FaultyFixture(.losesHash)) }
    let description = try #require(violation).description
    for part in [clause.name, "expected user 1, address bob@me.com, hash a hash,", "came user 1, address bob@me.com, hash ,"] {
      #expect(description.contains(part), "\(description)")
    }
  }

  @Test("an unexpected error of the store is a violation, and one of the fixture is not")
  func errors() async throws {
    let clause = try #require(UserRepositoryContract.clauses.first { $0.name == "use is noted, and never moved back" })
    await #expect(throws: RepositoryError.unavailable("locked")) { try await clause.check(UnavailableFixture()) }
    let other = try #require(UserRepositoryContract.clauses.first { $0.name == "only the case of ASCII letters is folded" })
    let violation = await #expect(throws: ContractViolation.self) { try await other.check(FaultyFixture(.foldsAllLetters)) }
    #expect(violation?.found == "another user has this address")
  }
}
