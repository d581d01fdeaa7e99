import AuthCore
import AuthTesting
import Synchronization
import Testing

private struct InMemoryFixture: StoreFixture {
  private let store = InMemoryStore()

  func open() async throws -> any AuthStore { store }
}

/// Opens a store whose ids have gaps, as sequences of databases do.
private struct GapFixture: StoreFixture {
  private let store: InterceptingStore

  init() {
    let base = InMemoryStore()
    store = InterceptingStore(base) { operation throws(StoreError) in
      guard operation == .addUser else { return }
      let email = Email(stored: "a gap of ids \(UInt64.random(in: 0 ... .max))")
      let hash = PasswordHash("")
      let user = try await base.addUser(email: email, hashedPassword: hash)
      _ = try await base.deleteUser(user.id, ifPassword: hash)
    }
  }

  func open() async throws -> any AuthStore { store }
}

/// Stands for a database that is locked after some openings, and counts how often it is closed.
private final class LockedFixture: StoreFixture {
  private let store: any AuthStore
  private let openingsLeft: Mutex<Int>
  private let closings = Mutex(0)

  init(_ store: any AuthStore = InMemoryStore(), after openings: Int = .max) {
    self.store = store
    openingsLeft = Mutex(openings)
  }

  var timesClosed: Int { closings.withLock { $0 } }

  func open() async throws -> any AuthStore {
    let isLocked = openingsLeft.withLock { left in
      left -= 1
      return left < 0
    }
    guard !isLocked else { throw StoreError.unavailable("locked") }
    return store
  }

  func close() async { closings.withLock { $0 += 1 } }
}

@Suite struct StoreContractTests {
  private static let ports = StoreContract.ports + StoreContract.optionalPorts
  private static let clauses = ports.flatMap(\.clauses)

  @Test(arguments: clauses)
  func `the store in memory keeps every clause`(_ clause: StoreContract.Clause) async throws {
    try await clause.check(InMemoryFixture())
  }

  @Test(arguments: StoreContract.clauses)
  func `a store whose ids have gaps keeps every clause`(_ clause: StoreContract.Clause) async throws {
    try await clause.check(GapFixture())
  }

  @Test(arguments: Fault.all)
  func `every fault is noticed by the clauses named for it`(_ fault: Fault) async throws {
    #expect(!fault.clauses.isEmpty)
    for clause in fault.clauses {
      let violation = await #expect(throws: ContractViolation.self, "\(clause)") {
        try await clause.check(FaultyFixture(fault))
      }
      #expect(violation?.clause == clause.id)
    }
  }

  @Test func `every clause notices a fault, and every clause that a fault names is listed`() {
    #expect(Set(Fault.all.flatMap(\.clauses).map(\.id)) == Set(Self.clauses.map(\.id)))
  }

  @Test func `no two faults share a name`() {
    #expect(Set(Fault.all).count == Fault.all.count)
  }

  @Test func `no two ports share a name, and no two clauses an id or a rule`() {
    let (ports, clauses) = (Self.ports, Self.clauses)
    #expect(Set(ports).count == ports.count)
    #expect(Set(clauses.map(\.id)).count == clauses.count)
    #expect(Set(clauses.map(\.rule)).count == clauses.count)
  }

  @Test(arguments: ports)
  func `every port has clauses, which name it`(_ port: StoreContract.Port) {
    #expect(!port.clauses.isEmpty)
    #expect(port.clauses.allSatisfy { $0.port == port })
  }

  @Test func `a violation names the clause, the expected and the found`() async throws {
    let clause = StoreContract.Clause.newUserIsAsGiven
    let violation = await #expect(throws: ContractViolation.self) { try await clause.check(FaultyFixture(.losesHash)) }
    let description = try #require(violation).description
    for part in [clause.description, "expected user 1, email bob@me.com, hash a hash,", "found user 1, email bob@me.com, hash ,"]
    {
      #expect(description.contains(part), "\(description)")
    }
  }

  @Test func `an unexpected error of the store is a violation`() async throws {
    let clause = StoreContract.Clause.onlyASCIICaseIsIgnored
    let violation = await #expect(throws: ContractViolation.self) { try await clause.check(FaultyFixture(.foldsAllLetters)) }
    #expect(violation?.found == "the error \"\(StoreError.emailTaken)\"")
  }

  @Test(arguments: [0, 1])
  func `a store that is unavailable breaks no rule`(openings: Int) async throws {
    let clause = StoreContract.Clause.usersOutliveReopening
    await #expect(throws: StoreError.unavailable("locked")) { try await clause.check(LockedFixture(after: openings)) }
    try await clause.check(LockedFixture(after: 2))
  }

  @Test(
    arguments: [
      LockedFixture(), LockedFixture(after: 0), LockedFixture(after: 1), LockedFixture(FaultyStore(.losesHash)),
      LockedFixture(InterceptingStore(failing: .addUser)),
    ])
  private func `a fixture is closed once, whatever the outcome`(_ fixture: LockedFixture) async {
    for clause in [StoreContract.Clause.newUserIsAsGiven, .usersOutliveReopening] {
      let before = fixture.timesClosed
      try? await clause.check(fixture)
      #expect(fixture.timesClosed == before + 1)
    }
  }
}
