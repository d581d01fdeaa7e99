#if Postgres
import AuthCore
import AuthPostgres
import Synchronization

/// Sessions that many tasks open without a pause, on several stores, while something happens to the database.
final class SessionLoad: Sendable {
  /// Makes a confirmed change as durable as one that no one waited for.
  static let noFlush = "CREATE OR REPLACE FUNCTION auth.flush_1() RETURNS text LANGUAGE sql AS $$ SELECT '' $$"

  private struct State {
    var confirmed: [TokenDigest] = []
    var isOver = false
    var error: (any Error)?
  }

  let warnings = Warnings()
  private let stores: [PostgresStore]
  private let state = Mutex(State())
  private let tasks: Mutex<[Task<Void, Never>]> = Mutex([])
  private let now = Timestamp(secondsSince1970: 1_700_000_000)
  private var live: Session.Cutoff { Session.Cutoff(expiringAfter: now, usedAfter: .distantPast) }

  var confirmed: [TokenDigest] { state.withLock(\.confirmed) }

  /// - Parameter preparing: runs once the users exist, before the first session.
  init(_ configuration: PostgresConfiguration, stores count: Int, preparing: () async throws -> Void = {}) async throws {
    var configuration = configuration
    configuration.writeConnections = 2
    var stores: [PostgresStore] = []
    for _ in 0..<count {
      stores.append(try await PostgresStore(configuration) { [warnings] in warnings.add($0) })
    }
    self.stores = stores
    var users: [User] = []
    for index in 1...16 {
      users.append(try await stores[0].addUser(email: Email("user\(index)@me.com"), hashedPassword: PasswordHash("hash")))
    }
    try await preparing()
    let tasks = users.enumerated().map { index, user in
      let store = stores[index % count]
      return Task { await self.openSessions(of: user, in: store) }
    }
    self.tasks.withLock { $0 = tasks }
  }

  private func openSessions(of user: User, in store: PostgresStore) async {
    var number = 0
    while !state.withLock(\.isOver) {
      number += 1
      let id = SessionID("\(user.id) \(number)").digest
      let session = Session(id: id, userID: user.id, createdAt: now, lastUsedAt: now, expiresAt: now + .seconds(3600))
      do throws(StoreError) {
        let opening = try await store.addSession(
          session, limit: 1_000_000, live: live, ifPassword: nil, replacing: nil, settling: nil,
          recognizing: nil)
        state.withLock { state in
          if opening == .opened { state.confirmed.append(id) } else { state.error = StoreError.invalidRequest("\(opening)") }
        }
      } catch .unavailable {
        // No one was told that it exists.
        continue
      } catch {
        state.withLock { state in
          state.error = error
          state.isOver = true
        }
      }
    }
  }

  /// Waits until so many sessions are confirmed, or an operation has failed for a reason that is not the server's.
  func wait(for count: Int) async throws {
    while state.withLock({ $0.confirmed.count < count && !$0.isOver }) { try await Task.sleep(for: .milliseconds(1)) }
  }

  /// Looks the confirmed sessions up in every store, and returns how many were not found.
  @discardableResult
  func lookUp() async throws -> Int {
    var lost = 0
    for session in confirmed {
      for store in stores where try await find(session, in: store) == nil { lost += 1 }
    }
    return lost
  }

  private func find(_ session: TokenDigest, in store: PostgresStore) async throws -> Session? {
    while true {
      do throws(StoreError) {
        return try await store.findSession(session, in: live)?.session
      } catch {
        guard case .unavailable = error else { throw error }
      }
    }
  }

  /// Ends after some more sessions, and returns how many of those that were confirmed are not there.
  func end(after more: Int) async throws -> (confirmed: Int, lost: Int) {
    try await wait(for: confirmed.count + more)
    state.withLock { $0.isOver = true }
    for task in tasks.withLock({ $0 }) { await task.value }
    if let error = state.withLock(\.error) { throw error }
    let lost = try await lookUp()
    for store in stores { await store.close() }
    return (confirmed.count, lost)
  }
}

/// What a store has told its operator.
final class Warnings: Sendable {
  private let texts = Mutex<[String]>([])

  var all: [String] { texts.withLock { $0 } }

  func add(_ text: String) { texts.withLock { $0.append(text) } }

  func contain(_ part: String) -> Bool { all.contains { $0.contains(part) } }
}
#endif
