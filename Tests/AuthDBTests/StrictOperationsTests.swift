import AuthCore
import AuthDB
import AuthTesting
import Foundation
import Testing

/// The operations of strict on a file, each checked through a second store on the file.
///
/// OWASP ASVS 5.0: 6.4.3, 7.4.2, 7.4.5.
@Suite struct StrictOperationsTests {
  private static let client = Client(ipAddress: IPAddress("2001:db8::7"), userAgent: "curl'; DROP TABLE sessions; --")
  private static let (email, password, other) = ("bob@me.com", "correct horse battery", "staple of another colour")

  private let database: TemporaryDatabase
  private let clock = ManualClock()
  private let auth: Auth
  /// A second store on the file, as in another process.
  private let elsewhere: Auth

  init() async throws {
    database = try TemporaryDatabase()
    let stores = (
      try await SQLiteStore(path: database.path, busyTimeout: patience),
      try await SQLiteStore(path: database.path, busyTimeout: patience)
    )
    auth = Auth(policy: .strict, store: stores.0, hasher: FastHasher(), clock: clock)
    elsewhere = Auth(policy: .strict, store: stores.1, hasher: FastHasher(), clock: clock)
    _ = try await auth.register(email: Self.email, password: Self.password)
  }

  private func logIn() async throws -> Login {
    try #require(try await auth.logIn(email: Self.email, password: Self.password, remember: true, from: Self.client).login)
  }

  @Test func `sessions are listed newest first with their clients, and end one by one or all but one`() async throws {
    var opened: [SessionID] = []
    for _ in 1...4 { opened.append(try await logIn().sessionID) }
    let listed = try await elsewhere.sessions(of: 1)
    #expect(listed.map(\.id) == opened.reversed().map(\.digest))
    #expect(listed.allSatisfy { $0.ipAddress == "2001:db8::7" && $0.userAgent == "curl'; DROP TABLE sessions; --" })
    #expect(try await elsewhere.endSession(opened[0].digest, of: 2, from: .unknown) == false)
    #expect(try await elsewhere.endSession(opened[0].digest, of: 1, from: .unknown))
    #expect(try await auth.endSession(opened[0].digest, of: 1, from: .unknown) == false)
    #expect(try await elsewhere.endSessions(of: 1, except: opened[2], from: .unknown) == 2)
    #expect(try await auth.sessions(of: 1).map(\.id) == [opened[2].digest])
    let replacing = try #require(
      try await auth.logIn(email: Self.email, password: Self.password, replacing: opened[2], from: .unknown).login)
    #expect(try await elsewhere.sessions(of: 1).map(\.id) == [replacing.sessionID.digest])
    #expect(try await elsewhere.logOut(replacing.sessionID, from: .unknown))
    #expect(try await elsewhere.logOut(replacing.sessionID, from: .unknown) == false)
  }

  @Test func `changing the password renews the session, ends the others and revokes the reset token`() async throws {
    let (mine, others) = (try await logIn(), try await logIn())
    let token = try await auth.getResetPasswordToken(email: Self.email).token
    let renewed = try await auth.changePassword(
      sessionID: mine.sessionID, current: Self.password, new: Self.other, from: .unknown)
    #expect(try await elsewhere.sessions(of: 1).map(\.id) == [renewed.sessionID.digest])
    #expect(try await elsewhere.getUserFromSessionID(renewed.sessionID)?.sessionID == renewed.sessionID.digest)
    for ended in [mine, others] { #expect(try await elsewhere.getUserFromSessionID(ended.sessionID) == nil) }
    await #expect(throws: AuthError.invalidResetToken) { try await elsewhere.updatePassword(resetToken: token, password: "x") }
    #expect(try await elsewhere.validLogin(email: Self.email, password: Self.other))
    await #expect(throws: AuthError.invalidSession) {
      try await auth.changePassword(sessionID: mine.sessionID, current: Self.other, new: Self.password, from: .unknown)
    }
  }

  @Test func `an attempt that changes no counter needs no write`() async throws {
    let other = ForeignConnection(database.path)
    other.run("BEGIN IMMEDIATE")
    #expect(try await auth.validLogin(email: Self.email, password: Self.password))
    other.run("COMMIT")
  }

  @Test func `a deleted account leaves nothing but its used id`() async throws {
    let mine = try await logIn()
    let eve = try await auth.register(email: "eve@me.com", password: Self.password)
    let hers = try #require(try await auth.logIn(email: "eve@me.com", password: Self.password, from: .unknown).login)
    _ = try await auth.getResetPasswordToken(email: Self.email)
    try await auth.deleteUser(sessionID: mine.sessionID, password: Self.password, from: .unknown)
    #expect(ForeignConnection(database.path).run("SELECT count(*) FROM sessions") == [["1"]])
    #expect(ForeignConnection(database.path).run("SELECT count(*) FROM reset_tokens") == [["0"]])
    #expect(try await elsewhere.getUserFromSessionID(hers.sessionID) == eve.with(session: hers.sessionID))
    #expect(try await elsewhere.register(email: Self.email, password: Self.password).id == 3)
  }

  @Test func `simultaneous failures are counted exactly, across processes, and survive a restart`() async throws {
    let answers = await withTaskGroup(of: Bool?.self) { group in
      for index in 0..<40 {
        let auth = index % 2 == 0 ? auth : elsewhere
        let client = Client(ipAddress: IPAddress("198.51.100.\(index)"))
        group.addTask { try? await auth.validLogin(email: Self.email, password: "wrong", from: client) }
      }
      return await group.reduce(into: [Bool?]()) { $0.append($1) }
    }
    #expect(answers.filter { $0 == false }.count == 5)
    #expect(answers.filter { $0 == nil }.count == 35)
    let reopened = Auth(
      policy: .strict, store: try await SQLiteStore(path: database.path, busyTimeout: patience), hasher: FastHasher(),
      clock: clock)
    await #expect(throws: AuthError.throttled(retryAfter: .seconds(1))) {
      try await reopened.validLogin(email: Self.email, password: Self.password)
    }
    clock.advance(by: .seconds(1))
    #expect(try await reopened.validLogin(email: Self.email, password: Self.password))
    #expect(ForeignConnection(database.path).run("SELECT key FROM attempt_counters WHERE kind = 'login-email'").isEmpty)
  }

  @Test func `a requested token is delivered once, by the first worker, and is never in the file`() async throws {
    for email in [Self.email, "nobody@me.com"] { try await auth.requestPasswordReset(email: email, from: .unknown) }
    let inbox = Inbox()
    let outcomes = await withTaskGroup(of: String.self) { group in
      for worker in 0..<8 {
        let auth = worker % 2 == 0 ? auth : elsewhere
        group.addTask { ((try? await auth.deliverNextMessage(through: inbox)).map { "\($0)" }) ?? "error" }
      }
      return await group.reduce(into: [String]()) { $0.append($1) }
    }
    #expect(outcomes.sorted() == ["delivered"] + Array(repeating: "nothingDue", count: 6) + ["unknownUser"])
    guard case .passwordReset(let token, _) = try #require(await inbox.messages.first).content else {
      Issue.record("not a password reset")
      return
    }
    let contents = try database.contents()
    #expect(contents.range(of: Data(token.text.utf8)) == nil)
    #expect(contents.range(of: Data(token.digest.hex.utf8)) != nil)
    #expect(ForeignConnection(database.path).run("SELECT count(*) FROM outbox") == [["0"]])
    try await elsewhere.updatePassword(resetToken: token, password: Self.other)
  }

  @Test func `a request whose delivery fails survives the end of the process`() async throws {
    try await auth.requestPasswordReset(email: Self.email, from: .unknown)
    let failing = Inbox(isFailing: true)
    guard case .failed(let message, _) = try await auth.deliverNextMessage(through: failing) else {
      Issue.record("the delivery did not fail")
      return
    }
    #expect(ForeignConnection(database.path).run("SELECT id FROM outbox") == [[message.id]])
    #expect(message.userID == 1)
    #expect("\(try await elsewhere.deliverNextMessage(through: failing))" == "nothingDue")
    clock.advance(by: .seconds(5))
    let inbox = Inbox()
    #expect("\(try await elsewhere.deliverNextMessage(through: inbox))" == "delivered")
    #expect(await inbox.messages.count == 1)
  }

  @Test func `ended rows are purged in batches, and live ones stay`() async throws {
    for _ in 1...7 { _ = try await logIn() }
    _ = try await auth.getResetPasswordToken(email: Self.email)
    clock.advance(by: .seconds(6 * 86_400))
    let live = try await logIn()
    clock.advance(by: .seconds(86_400))
    var counts: [Int] = []
    repeat { counts.append(try await elsewhere.purge(limit: 3)) } while counts.last! > 0
    #expect(counts == [3, 3, 2, 0])
    #expect(try await auth.sessions(of: 1).map(\.id) == [live.sessionID.digest])
    #expect(try await auth.getUserFromSessionID(live.sessionID)?.resetToken == nil)
  }

  /// The statements that Docs/Storage.md gives to operators.
  @Test func `an SQL statement ends the sessions of one user, or of all, at once`() async throws {
    let mine = try await logIn()
    _ = try await auth.register(email: "eve@me.com", password: Self.password)
    let hers = try #require(try await auth.logIn(email: "eve@me.com", password: Self.password, from: .unknown).login)
    let operatorsConnection = ForeignConnection(database.path)
    operatorsConnection.run("PRAGMA foreign_keys = ON")
    operatorsConnection.run("DELETE FROM sessions WHERE user_id = 1")
    #expect(try await auth.getUserFromSessionID(mine.sessionID) == nil)
    #expect(try await auth.getUserFromSessionID(hers.sessionID)?.id == 2)
    operatorsConnection.run("DELETE FROM sessions")
    #expect(try await auth.getUserFromSessionID(hers.sessionID) == nil)
    #expect(try await elsewhere.logIn(email: Self.email, password: Self.password, from: .unknown).login != nil)
  }
}

/// Records the delivered messages.
private actor Inbox: MessageDelivery {
  private(set) var messages: [AuthMessage] = []
  private let isFailing: Bool

  init(isFailing: Bool = false) {
    self.isFailing = isFailing
  }

  func deliver(_ message: AuthMessage) async throws {
    if isFailing { throw CancellationError() }
    messages.append(message)
  }
}

extension User {
  fileprivate func with(session: SessionID) -> User {
    User(id: id, email: email, hashedPassword: hashedPassword, sessionID: session.digest, resetToken: resetToken)
  }
}
