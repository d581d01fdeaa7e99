import AuthCore
import AuthTesting
import Synchronization
import Testing

/// Records the operations of all stores that it opens.
private final class RecordingFixture: StoreFixture {
  private let recorded = Mutex<[InterceptingStore.Operation]>([])
  private let base = InMemoryStore()

  var operations: [InterceptingStore.Operation] { recorded.withLock { $0 } }

  func open() async throws -> any AuthStore { store }

  var store: InterceptingStore {
    InterceptingStore(base) { operation in self.recorded.withLock { $0.append(operation) } }
  }
}

@Suite struct InterceptingStoreTests {
  private static let email = InterceptedCall.email
  private static let hash = InterceptedCall.hash

  @Test(arguments: InterceptedCall.all)
  func `the hook sees every operation under its own name, once`(_ call: InterceptedCall) async throws {
    let fixture = RecordingFixture()
    // It may find nothing.
    try? await call.run(fixture.store)
    #expect(fixture.operations == [call.operation])
  }

  @Test func `no operation of the contract is missing from the calls, and each has one`() async throws {
    var used: Set<InterceptingStore.Operation> = []
    for clause in StoreContract.clauses {
      let fixture = RecordingFixture()
      try await clause.check(fixture)
      used.formUnion(fixture.operations)
    }
    let called = InterceptedCall.all.map(\.operation)
    #expect(Set(called) == used)
    #expect(Set(called).count == called.count)
  }

  @Test(arguments: InterceptedCall.all)
  func `an operation that is to fail does not run, and all others do`(_ failing: InterceptedCall) async throws {
    for call in InterceptedCall.all {
      let base = RecordingFixture()
      let store = InterceptingStore(base.store, failing: failing.operation, reason: "no disk")
      guard call.operation == failing.operation else {
        try? await call.run(store)
        #expect(base.operations == [call.operation])
        continue
      }
      await #expect(throws: StoreError.unavailable("no disk")) { try await call.run(store) }
      #expect(base.operations.isEmpty)
    }
  }

  @Test(arguments: InterceptedCall.all)
  func `a store whose writes fail can be read`(_ call: InterceptedCall) async throws {
    let base = RecordingFixture()
    let store = InterceptingStore(base.store)
    store.fail(.writes)
    try? await call.run(store)
    #expect(base.operations == (call.isWrite ? [] : [call.operation]))
  }

  @Test(arguments: InterceptedCall.all)
  func `every operation can fail at once`(_ call: InterceptedCall) async throws {
    let store = InterceptingStore()
    store.fail(.all, reason: "unreadable")
    await #expect(throws: StoreError.unavailable("unreadable")) { try await call.run(store) }
  }

  @Test func `an error of the hook takes the place of the operation`() async throws {
    let base = InMemoryStore()
    let store = InterceptingStore(base) { operation throws(StoreError) in
      if operation == .addUser { throw .emailTaken }
    }
    await #expect(throws: StoreError.emailTaken) { try await store.addUser(email: Self.email, hashedPassword: Self.hash) }
    await #expect(throws: StoreError.noResultFound) { try await base.findUser(by: []) }
  }

  @Test func `a store that fails midway keeps what it has, and works again once it recovers`() async throws {
    let store = InterceptingStore()
    let user = try await store.addUser(email: Self.email, hashedPassword: Self.hash)
    store.fail([.deleteUser])
    #expect(try await store.findUser(by: .id(user.id)) == user)
    await #expect(throws: StoreError.unavailable(InterceptingStore.defaultReason)) {
      try await store.deleteUser(user.id, ifPassword: Self.hash)
    }
    store.fail(.all, reason: "unreadable")
    await #expect(throws: StoreError.unavailable("unreadable")) { try await store.findUser(by: .id(user.id)) }
    store.recover()
    #expect(try await store.deleteUser(user.id, ifPassword: Self.hash))
  }
}
