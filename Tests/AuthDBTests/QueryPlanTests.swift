import AuthCore
import AuthTesting
import Testing

@testable import AuthDB

/// SQLite's plan for finding the rows, for each statement as the operations run it.
@Suite struct QueryPlanTests {
  private let store: SQLiteStore
  private let now = Timestamp(secondsSince1970: 1_700_000_000)
  private let hash = PasswordHash("x")

  init() async throws {
    // With a database in memory, the writer's connection also does all reading, so it has prepared every statement.
    store = try await SQLiteStore(path: ":memory:", busyTimeout: patience)
  }

  @Test func `no operation scans a whole table or sorts`() async throws {
    try await useAccounts()
    try await useSessions()
    try await useResets()
    try await useEmailChanges()
    try await useRecoveryEmails()
    try await useRegistrations()
    try await useMaintenance()
    let plans = try await plans()
    #expect(plans.count > 40, "fewer statements than there are: \(plans.keys)")
    let costly = plans.mapValues { $0.filter { $0.hasPrefix("SCAN") || $0.contains("TEMP B-TREE") } }.filter { !$1.isEmpty }
    // Trimming stops early, at the number of events that it may delete. The outbox is counted on a thread of its own.
    #expect(
      costly.values.flatMap(\.self).sorted() == [
        "SCAN CONSTANT ROW", "SCAN audit_events", "SCAN outbox USING COVERING INDEX outbox_kind",
        "SCAN outbox USING COVERING INDEX outbox_kind",
      ], "\(costly)")
  }

  @Test func `a session and its user are found without an index`() async throws {
    try await useAccounts()
    try await useSessions()
    let (session, user) = (
      "SEARCH sessions USING INTEGER PRIMARY KEY (rowid=?)", "SEARCH users USING INTEGER PRIMARY KEY (rowid=?)"
    )
    let plans = try await plans()
    #expect(plans[SQLiteStore.findSessionSQL] == [session, user])
    #expect(plans[SQLiteStore.findUserSQL] == [session, user])
    #expect(plans[SQLiteStore.findProfileSQL] == [session, "CORRELATED SCALAR SUBQUERY 1", user])
  }

  @Test func `no foreign key scans a whole table for the rows that it deletes`() async throws {
    let plans = try await store.write { connection in
      try connection.query("SELECT name FROM sqlite_schema WHERE type = 'table'") { $0.text(0) ?? "" }.flatMap { table in
        try connection.query("SELECT \"from\" FROM pragma_foreign_key_list('\(table)')") { $0.text(0) ?? "" }.flatMap { column in
          try connection.query("EXPLAIN QUERY PLAN SELECT 1 FROM \(table) WHERE \(column) = ?1") { $0.text(3) ?? "" }
        }
      }
    }
    #expect(!plans.isEmpty)
    #expect(plans.allSatisfy { $0.hasPrefix("SEARCH") }, "\(plans)")
  }

  private func plans() async throws -> [String: [String]] {
    try await store.write { connection in
      var plans: [String: [String]] = [:]
      for sql in connection.statements.map(\.sql) where !sql.hasPrefix("PRAGMA") && !sql.contains("sqlite_schema") {
        plans[sql] = try connection.query("EXPLAIN QUERY PLAN \(sql)") { $0.text(3) ?? "" }
      }
      return plans
    }
  }

  private func session(_ name: String) -> Session {
    Session(id: TokenDigest(hex: name), userID: 1, createdAt: now, lastUsedAt: now, expiresAt: now + .seconds(60))
  }

  private var live: Session.Cutoff { Session.Cutoff(expiringAfter: now, usedAfter: now - .seconds(1)) }

  private func useAccounts() async throws {
    let email = try Email("bob@me.com")
    for text in ["bob@me.com", "alice@me.com"] {
      _ = try await store.addUser(email: Email(text), hashedPassword: hash)
    }
    for filter in [.id(1), .email(email)] as [User.Filter] { _ = try await store.findUser(by: filter) }
    for filter in [.sessionID(TokenDigest(hex: "")), .resetToken(TokenDigest(hex: ""))] as [User.Filter] {
      await #expect(throws: StoreError.noResultFound) { try await store.findUser(by: filter) }
    }
    try await store.updateUser(1, .email(email), .hashedPassword(hash), .endSessions, .revokeResetToken)
    #expect(try await store.replaceHashedPassword(of: 1, hash, with: hash))
    #expect(try await store.disableUser(1, at: now, endingSessionsIn: live) == [])
    #expect(try await store.disabledAt(1) == now)
    #expect(try await store.enableUser(1))
    #expect(try await store.deleteUser(2, ifPassword: hash))
    let first = try await store.findAccounts(withPrefix: "", after: nil, limit: 1)
    _ = try await store.findAccounts(withPrefix: "", after: first.last?.user.email, limit: 1)
    let eve = Account.Import(email: try Email("eve@me.com"), hash: hash, disabledAt: now)
    #expect(try await store.importUsers([eve, eve]) == [.added, .exists])
  }

  private func useSessions() async throws {
    for name in ["a", "b"] {
      let isAdded = try await store.addSession(
        session(name), limit: 9, live: live, ifPassword: hash, replacing: TokenDigest(hex: "former"))
      #expect(isAdded)
    }
    for client in ["c", "d"] {
      let notice = OutboxMessage(id: client, kind: .newLogin, userID: 1, email: try Email("bob@me.com"), createdAt: now)
      let sighting = KnownClient.Sighting(digest: TokenDigest(of: client), at: now, memory: .seconds(60), notice: notice)
      _ = try await store.addSession(
        session("of \(client)"), limit: 9, live: live, ifPassword: nil, replacing: nil, settling: nil, recognizing: sighting)
      try await store.removeMessage(client)
    }
    _ = try await store.findSession(TokenDigest(hex: "a"), in: live)
    _ = try await store.findUser(withSession: TokenDigest(hex: "a"), in: live)
    _ = try await store.findProfile(for: TokenDigest(hex: "a"), in: live)
    _ = try await store.findSessions(of: 1, in: live)
    try await store.touchSession(TokenDigest(hex: "a"), at: now + .seconds(1))
    for endingOthers in [false, true] {
      let isChanged = try await store.changePassword(
        of: 1, hash, to: hash, renewing: TokenDigest(hex: endingOthers ? "c" : "a"), as: session(endingOthers ? "d" : "c"),
        endingOthers: endingOthers)
      #expect(isChanged)
    }
    _ = try await store.endSession(TokenDigest(hex: "d"), in: live)
    for selection in [.all, .only(TokenDigest(hex: "x")), .allBut(TokenDigest(hex: "x"))] as [Session.Selection] {
      _ = try await store.endSessions(selection, of: 1, in: live)
    }
  }

  private func useResets() async throws {
    let token = ResetToken.Record(id: TokenDigest(hex: "t"), createdAt: now, expiresAt: now + .seconds(60))
    _ = try await store.addResetToken(token, for: Email("bob@me.com"))
    #expect(try await store.findUser(withResetToken: token.id, now: now)?.id == 1)
    #expect(try await store.consumeResetToken(token.id, now: now, settingPassword: hash, endingSessions: true))
    let request = OutboxMessage(id: "r", kind: .passwordReset, email: try Email("bob@me.com"), createdAt: now)
    #expect(try await store.addMessage(request, limit: 1))
    let behind = OutboxMessage(id: "s", kind: .passwordReset, email: try Email("bob@me.com"), createdAt: now - .seconds(-1))
    #expect(try await store.addMessage(behind, limit: 2))
    #expect(try await store.claimMessage(now: now, until: now + .seconds(9)) != nil)
    #expect(try await store.claimMessage(now: now + .seconds(2), until: now) == nil)
    try await store.postponeMessage("r", until: now)
    try await store.removeMessage("r")
    #expect(try await store.countMessages().count == 1)
    try await store.removeMessage("s")
  }

  private func useEmailChanges() async throws {
    let (user, session) = (try await store.findUser(by: .id(1)), session("changer"))
    #expect(try await store.addSession(session, limit: 9, live: live, ifPassword: nil, replacing: nil))
    let change = EmailChange(
      id: TokenDigest(hex: "change"), userID: 1, from: user.email, to: try Email("new@me.com"), createdAt: now,
      expiresAt: now + .seconds(60))
    func takeBack(_ id: String) -> EmailTakeBack {
      EmailTakeBack(id: TokenDigest(hex: id), userID: 1, email: user.email, createdAt: now, expiresAt: now + .seconds(60))
    }
    func message(_ id: String) -> OutboxMessage { OutboxMessage(id: id, kind: .emailChange, email: user.email, createdAt: now) }
    let request = EmailChange.Request(
      change, takeBack: takeBack("a"), by: session.id, queueing: message("a"), notice: message("b"))
    #expect(try await store.addEmailChange(request, limit: 9) == .added)
    let (token, code) = (TokenDigest(hex: "token"), TokenDigest(hex: "code"))
    let challenge = EmailChange.Challenge(token: token, code: code, codeExpiresAt: now + .seconds(60))
    #expect(try await store.challengeEmailChange(change.id, with: challenge, now: now) == change)
    for proof in [.token(token), .code(code, of: 1)] as [EmailChange.Proof] {
      #expect(try await store.tryEmailChange(proof, limit: 9, now: now) == change)
    }
    let key = Throttle.Key(.loginEmail, digest: "a")
    let confirmation = EmailChange.Confirmation(
      of: change, at: now, takeBack: takeBack("b"), notice: message("c"), moving: [Throttle.Move(from: key, to: key)])
    let changed = try await store.confirmEmailChange(confirmation).user
    #expect(try await store.issueTakeBackToken(token, for: TokenDigest(hex: "b"), now: now) != nil)
    #expect(try await store.findTakeBack(withToken: token, now: now) != nil)
    let use = EmailTakeBack.Use(
      token, from: changed.email, at: now, settingPassword: hash, clearing: [key], keepingRecoveryEmailOlderThan: .seconds(60))
    guard case .takenBack = try await store.takeBackEmail(use) else { throw StoreError.noResultFound }
    for id in ["a", "b", "c"] { try await store.removeMessage(id) }
  }

  private func useRecoveryEmails() async throws {
    let session = session("recoverer")
    #expect(try await store.addSession(session, limit: 9, live: live, ifPassword: nil, replacing: nil))
    let request = RecoveryEmailRequest(
      id: TokenDigest(hex: "recovery"), userID: 1, email: try Email("second@me.com"), createdAt: now,
      expiresAt: now + .seconds(60))
    func message(_ id: String) -> OutboxMessage {
      OutboxMessage(id: id, kind: .recoveryEmailChanged, userID: 1, email: request.email, createdAt: now)
    }
    #expect(try await store.addRecoveryEmailRequest(request, by: session.id, queueing: message("a"), limit: 9) == .added)
    let (token, code) = (TokenDigest(hex: "token"), TokenDigest(hex: "code"))
    let challenge = RecoveryEmailRequest.Challenge(token: token, code: code, codeExpiresAt: now + .seconds(60))
    #expect(try await store.challengeRecoveryEmailRequest(request.id, with: challenge, now: now) == request)
    for proof in [.token(token), .code(code, of: 1)] as [RecoveryEmailRequest.Proof] {
      #expect(try await store.tryRecoveryEmailRequest(proof, limit: 9, now: now) == request)
    }
    #expect(try await store.confirmRecoveryEmail(request, now: now, notice: message("b")))
    #expect(try await store.findRecoveryEmail(of: 1)?.email == request.email)
    #expect(try await store.removeRecoveryEmail(of: 1, by: session.id, notice: message("c")) == .removed)
    for id in ["a", "b", "c"] { try await store.removeMessage(id) }
  }

  private func useRegistrations() async throws {
    func registration(_ id: String) throws -> Registration {
      Registration(
        id: TokenDigest(hex: id), email: try Email("amy@me.com"), hashedPassword: hash, createdAt: now,
        expiresAt: now + .seconds(60))
    }
    func message(_ id: String) throws -> OutboxMessage {
      OutboxMessage(id: id, kind: .emailVerification, email: try Email("amy@me.com"), createdAt: now)
    }
    for id in ["a", "b"] {
      _ = try await store.openUnverifiedAccount(registration(id), queueing: message(id), limit: 9)
      try await store.removeMessage(id)
    }
    _ = try await store.findAccounts(withPrefix: "", after: nil, limit: 9)
    guard case .replaced = try await store.completeRegistration(registration("b"), ifPassword: hash, now: now) else {
      throw StoreError.noResultFound
    }
    let amy = try await store.findUser(by: .email(Email("amy@me.com")))
    #expect(try await store.unverifiedAccount(amy.id) == nil)
    #expect(try await !store.vouchForEmail(of: amy.id))
    #expect(try await store.emailVerifiedAt(amy.id) == now)
  }

  private func useMaintenance() async throws {
    let limits = ["a", "b"].map { digest in
      Throttle.Attempt.Limit(key: Throttle.Key(.loginEmail, digest: digest), throttle: .unlimited, isOfNetwork: false)
    }
    for isSuccess in [false, true] {
      let attempt = Throttle.Attempt(limits, memory: .seconds(60), isSuccess: isSuccess, at: now)
      #expect(try await store.settle(attempt) == .counted)
    }
    _ = try await store.findUser(email: Email("bob@me.com"), counters: limits.map(\.key))
    _ = try await store.gauges(live: live)
    _ = try await store.purge(Purge.Scope(live: live, countersBefore: now, limit: 9))
    let log = AuditLog(store)
    log.record(AuthEvent(.loginFailed, at: now, userID: nil, client: .unknown))
    await log.flush()
    _ = try await log.purge(at: now)
  }
}
