import AuthCore
import AuthTesting
import Synchronization
import Testing

private struct InMemoryFixture: StoreFixture {
  private let store = InMemoryStore()

  func open() async throws -> any AuthStore { store }
}

/// Stands for a database that is locked from some opening on.
private final class LockedFixture: StoreFixture {
  private let store = InMemoryStore()
  private let openingsLeft: Mutex<Int>

  init(after openings: Int) {
    openingsLeft = Mutex(openings)
  }

  func open() async throws -> any AuthStore {
    let isLocked = openingsLeft.withLock { left in
      left -= 1
      return left < 0
    }
    guard !isLocked else { throw StoreError.unavailable("locked") }
    return store
  }
}

@Suite struct UserRepositoryContractTests {
  @Test(arguments: StoreContract.clauses)
  func `the store in memory keeps every clause`(_ clause: StoreContract.Clause) async throws {
    try await clause.check(InMemoryFixture())
  }

  @Test(arguments: Fault.allCases)
  func `every fault is noticed by the clauses named for it`(_ fault: Fault) async throws {
    for name in fault.clauses {
      let clause = try #require(StoreContract.clauses.first { $0.name == name }, "no clause is named \(name)")
      let violation = await #expect(throws: ContractViolation.self) { try await clause.check(FaultyFixture(fault)) }
      #expect(violation?.clause == clause.description)
    }
  }

  @Test func `every clause notices a fault`() {
    let noticed = Set(Fault.allCases.flatMap(\.clauses))
    #expect(StoreContract.clauses.map(\.name).filter { !noticed.contains($0) } == [])
  }

  @Test func `no two clauses have one name, and no subject is without a clause`() {
    let clauses = StoreContract.clauses
    #expect(Set(clauses.map(\.name)).count == clauses.count)
    #expect(Set(clauses.map(\.subject)) == Set(StoreContract.Subject.allCases))
  }

  @Test func `a violation says which clause, what was expected and what came`() async throws {
    let clause = try #require(StoreContract.clauses.first)
    let violation = await #expect(throws: ContractViolation.self) { try await clause.check(FaultyFixture(.losesHash)) }
    let description = try #require(violation).description
    for part in [clause.name, "expected user 1, address bob@me.com, hash a hash,", "came user 1, address bob@me.com, hash ,"] {
      #expect(description.contains(part), "\(description)")
    }
  }

  @Test func `an unexpected error of the store is a violation`() async throws {
    let clause = try #require(StoreContract.clauses.first { $0.name == "only the case of ASCII letters is folded" })
    let violation = await #expect(throws: ContractViolation.self) { try await clause.check(FaultyFixture(.foldsAllLetters)) }
    #expect(violation?.found == "another user has this address")
  }

  @Test(arguments: [0, 1])
  func `that the store is unavailable is no violation`(openings: Int) async throws {
    let clause = try #require(StoreContract.clauses.first { $0.subject == .reopening })
    await #expect(throws: StoreError.unavailable("locked")) { try await clause.check(LockedFixture(after: openings)) }
    try await clause.check(LockedFixture(after: 2))
  }
}
