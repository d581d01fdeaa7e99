#if Postgres
import AuthCore
import AuthPostgres
import AuthTesting
import Foundation
import PostgresTestServer
import Synchronization

/// A schema of its own on the shared server, used as a role that may do no more than servers need.
struct TemporarySchema: StoreFixture {
  static let service = "the service"

  private static let makingService = Task {
    try await PostgresServer.shared.value.run("CREATE ROLE \"\(service)\" LOGIN")
  }

  private let configuration: PostgresConfiguration
  private let opened = Opened()

  private final class Opened: Sendable {
    let stores = Mutex<[PostgresStore]>([])
  }

  /// Hostile names are good names, too.
  init() async throws {
    try await Self.makingService.value
    let server = try await PostgresServer.shared.value
    let schema = "O'Hara %s \"\(UUID().uuidString.prefix(8))\""
    try await PostgresStore.migrate(server.configuration(schema: schema), grantingTo: Self.service)
    configuration = try server.configuration(schema: schema, as: "the%20service")
  }

  func open() async throws -> any AuthStore {
    let store = try await PostgresStore(configuration)
    opened.stores.withLock { $0.append(store) }
    return store
  }

  func close() async {
    for store in opened.stores.withLock({ $0 }) { await store.close() }
  }
}
#endif
