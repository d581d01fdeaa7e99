internal import AuthCore

extension Samples {
  static let week = Duration.seconds(7 * 86_400)

  /// A request that lasts an hour. Everything in it is named after `name`.
  static func change(
    _ name: String, of user: User, to email: String, by session: TokenDigest
  ) -> EmailChange.Request {
    let change = EmailChange(
      id: digest("change \(name)"), userID: user.id, from: user.email, to: self.email(email), createdAt: now,
      expiresAt: now + hour)
    let takeBack = EmailTakeBack(
      id: digest("right \(name)"), userID: user.id, email: user.email, createdAt: now, expiresAt: now + hour)
    return EmailChange.Request(
      change, takeBack: takeBack, by: session,
      queueing: OutboxMessage(
        id: "message \(name)", kind: .emailChange, userID: user.id, email: change.email, payload: change.id.hex, createdAt: now),
      notice: OutboxMessage(
        id: "notice \(name)", kind: .emailChangeRequested, userID: user.id, email: user.email, payload: takeBack.id.hex,
        createdAt: now + second))
  }

  /// A confirmation of a change, whose right lasts a week.
  static func confirmation(
    _ name: String, of change: EmailChange, at now: Timestamp = now, moving moves: [Throttle.Move] = []
  ) -> EmailChange.Confirmation {
    let takeBack = EmailTakeBack(
      id: digest("right after \(name)"), userID: change.userID, email: change.former, createdAt: now, expiresAt: now + week)
    return EmailChange.Confirmation(
      of: change, at: now, takeBack: takeBack,
      notice: OutboxMessage(
        id: "confirmed \(name)", kind: .emailChanged, userID: change.userID, email: change.former, payload: takeBack.id.hex,
        createdAt: now),
      moving: moves)
  }
}

extension Trial {
  /// Adds a change with its challenge, and the token "stop `name`" of its right.
  func addChange(
    _ name: String, of user: User, to email: String, by session: TokenDigest
  ) async throws -> EmailChange {
    let request = Samples.change(name, of: user, to: email, by: session)
    try await expect(store.addEmailChange(request, limit: 100), is: .added, "adding a change")
    _ = try await challengeChange(request.change, name)
    try await issueToken("stop \(name)", "right \(name)")
    return request.change
  }

  /// Adds a user with a session, who changes the email, and gives the right the token "undo `name`".
  func addChangedUser(_ name: String, to email: String) async throws -> (user: User, session: Session) {
    let (user, session, _) = try await addFullUser(name)
    return (try await changeEmail(name, of: user, to: email, by: session.id), session)
  }

  /// Changes an email from the request to the confirmation, and gives the right the token "undo `name`".
  func changeEmail(_ name: String, of user: User, to email: String, by session: TokenDigest) async throws -> User {
    let change = try await addChange(name, of: user, to: email, by: session)
    let changed = try await store.confirmEmailChange(Samples.confirmation(name, of: change)).user
    try await issueToken("undo \(name)", "right after \(name)")
    return changed
  }

  func challengeChange(_ change: EmailChange, _ name: String, now: Timestamp = Samples.now) async throws -> EmailChange? {
    try await store.challengeEmailChange(change.id, with: Samples.challenge(name), now: now)
  }

  func proveChange(_ proof: EmailChange.Proof, limit: Int = 100, now: Timestamp = Samples.now) async throws -> EmailChange? {
    try await store.tryEmailChange(proof, limit: limit, now: now)
  }

  func issueToken(_ token: String, _ right: String) async throws {
    let issued = try await store.issueTakeBackToken(Samples.digest(token), for: Samples.digest(right), now: Samples.now)
    try expect(issued?.id, is: Samples.digest(right), "the right that got a token")
  }

  /// Whether the token takes anything back.
  func works(_ token: String, now: Timestamp = Samples.now) async throws -> Bool {
    try await store.findTakeBack(withToken: Samples.digest(token), now: now) != nil
  }

  /// Takes an email back, setting ``Samples/newHash``.
  func takeBack(
    _ token: String, from present: Email, now: Timestamp = Samples.now, clearing keys: [Throttle.Key] = [],
    notices: [OutboxMessage] = []
  ) async throws -> EmailTakeBack.Outcome {
    try await store.takeBackEmail(
      EmailTakeBack.Use(
        Samples.digest(token), from: present, at: now, settingPassword: Samples.newHash, clearing: keys,
        keepingRecoveryEmailOlderThan: Samples.week, notices: notices))
  }

  /// Removes all messages that wait.
  func emptyOutbox() async throws {
    for id in try await claimAll(at: Samples.now + Samples.hour, until: .distantFuture) { try await store.removeMessage(id) }
  }
}
