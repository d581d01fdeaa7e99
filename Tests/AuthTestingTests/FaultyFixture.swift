import AuthCore
import AuthTesting
import Synchronization

/// Opens one faulty store each time. The faults of reopening take effect at the second opening.
struct FaultyFixture: StoreFixture {
  private let store: FaultyStore

  init(_ fault: Fault) {
    store = FaultyStore(fault)
  }

  func open() async throws -> any AuthStore {
    let isFirst = store.memory.withLock { memory in
      memory.openings += 1
      return memory.openings == 1
    }
    if !isFirst { try await store.fault.reopening(store) }
    return store
  }
}
