#if Postgres
import AuthCore
import AuthPostgres
import AuthTesting
import Foundation
import TestPrograms
import Synchronization

/// A schema of its own, used as a role that may do no more than servers need.
struct TemporarySchema: StoreFixture {
  /// Who uses the schema, and where it is.
  enum Nodes: Sendable {
    /// One store, on the server that tests share.
    case one
    /// One store, whose changes are made again where they say so.
    case losingResponses
    /// Two stores that take turns, on a server and its synchronous standby, of which they have to find the first.
    case two
  }

  private static let oneServer = Task {
    let server = try await PostgresServer.shared.value
    try await makeRole(on: server)
    return server
  }

  private static let twoServers = Task {
    let (primary, standby) = try await PostgresServer.pair()
    try await makeRole(on: primary)
    return (primary, standby)
  }

  private static func makeRole(on server: PostgresServer) async throws {
    try await server.run("CREATE ROLE \"the service\" LOGIN")
  }

  private let configuration: PostgresConfiguration
  private let nodes: Nodes
  private let opened = Opened()

  private final class Opened: Sendable {
    let stores = Mutex<[PostgresStore]>([])
  }

  init(for nodes: Nodes = .one) async throws {
    self.nodes = nodes
    // Hostile names are good names, too.
    let schema = "O'Hara %s \"\(UUID().uuidString.prefix(8))\""
    func configuration(as user: String) async throws -> PostgresConfiguration {
      switch nodes {
      case .one, .losingResponses:
        return try await Self.oneServer.value.configuration(schema: schema, as: user)
      case .two:
        let (primary, standby) = try await Self.twoServers.value
        return try standby.configuration(schema: schema, as: user, orOn: primary)
      }
    }
    try await PostgresStore.migrate(configuration(as: "postgres"), grantingTo: "the service")
    var configuration = try await configuration(as: "the%20service")
    configuration.losesFirstResponses = nodes == .losingResponses
    self.configuration = configuration
  }

  func open() async throws -> any AuthStore {
    switch nodes {
    case .one, .losingResponses: try await openOne()
    case .two: InterceptingStore(takingTurns: [try await openOne(), try await openOne()])
    }
  }

  private func openOne() async throws -> PostgresStore {
    let store = try await PostgresStore(configuration)
    opened.stores.withLock { $0.append(store) }
    return store
  }

  func close() async {
    for store in opened.stores.withLock({ $0 }) { await store.close() }
  }
}
#endif
