internal import AuthCore

extension Samples {
  /// A request that lasts an hour. Everything in it is named after `name`.
  static func recoveryRequest(_ name: String, of user: User, to email: String) -> RecoveryEmailRequest {
    RecoveryEmailRequest(
      id: digest("recovery \(name)"), userID: user.id, email: self.email(email), createdAt: now, expiresAt: now + hour)
  }

  static func message(of request: RecoveryEmailRequest, _ name: String) -> OutboxMessage {
    OutboxMessage(
      id: "recovery message \(name)", kind: .recoveryEmail, userID: request.userID, email: request.email,
      payload: request.id.hex, createdAt: now)
  }

  static func recoveryNotice(_ id: String, to user: User, _ cause: RecoveryEmailChangeCause) -> OutboxMessage {
    OutboxMessage(
      id: id, kind: .recoveryEmailChanged, userID: user.id, email: user.email, payload: cause.rawValue, createdAt: now)
  }

  /// A notice of any kind to the user's email.
  static func notice(_ kind: OutboxMessage.Kind, to user: User, payload: String? = nil) -> OutboxMessage {
    OutboxMessage(
      id: "notice \(kind.rawValue)", kind: kind, userID: user.id, email: user.email, payload: payload, createdAt: now)
  }
}

extension Trial {
  /// Adds a request with its challenge.
  func addRecoveryRequest(
    _ name: String, of user: User, to email: String, by session: TokenDigest
  ) async throws -> RecoveryEmailRequest {
    let request = Samples.recoveryRequest(name, of: user, to: email)
    let adding = try await store.addRecoveryEmailRequest(
      request, by: session, queueing: Samples.message(of: request, name), limit: 100)
    try expect(adding, is: .added, "adding a request")
    _ = try await challengeRecovery(request, name)
    return request
  }

  /// Sets a recovery email from the request to the confirmation.
  func setRecoveryEmail(
    _ email: String, of user: User, by session: TokenDigest, at now: Timestamp = Samples.now
  ) async throws {
    let name = "\(user.id) \(email)"
    let request = try await addRecoveryRequest(name, of: user, to: email, by: session)
    try await expect(confirmRecovery(request, of: user, at: now), is: true, "confirming a recovery email")
  }

  func challengeRecovery(
    _ request: RecoveryEmailRequest, _ name: String, now: Timestamp = Samples.now
  ) async throws -> RecoveryEmailRequest? {
    try await store.challengeRecoveryEmailRequest(request.id, with: Samples.challenge(name), now: now)
  }

  func proveRecovery(
    _ proof: RecoveryEmailRequest.Proof, limit: Int = 100, now: Timestamp = Samples.now
  ) async throws -> RecoveryEmailRequest? {
    try await store.tryRecoveryEmailRequest(proof, limit: limit, now: now)
  }

  func confirmRecovery(
    _ request: RecoveryEmailRequest, of user: User, at now: Timestamp = Samples.now
  ) async throws -> Bool {
    try await store.confirmRecoveryEmail(
      request, now: now, notice: Samples.recoveryNotice("confirmed \(request.id.hex)", to: user, .confirmed))
  }

  func recoveryEmail(of user: User) async throws -> String {
    try await store.findRecoveryEmail(of: user.id)?.email.text ?? "none"
  }

  /// What waits, one line for each message and in the order of the lines: kind, recipient and payload. Nothing waits afterwards.
  func takeWaiting() async throws -> [String] {
    let found = try await takeAll()
    for copy in found where copy.kind == .recoveryNotice {
      let parts = copy.id.split(separator: "-", omittingEmptySubsequences: false)
      let isUUID = parts.map(\.utf8.count) == [8, 4, 4, 4, 12] && parts[2].hasPrefix("4") && copy.id == copy.id.lowercased()
      try expect(isUUID, is: true, "whether the id of a copy is a UUID, which is \(copy.id)")
    }
    try expect(Set(found.map(\.id)).count, is: found.count, "the number of ids of the messages that wait")
    return found.map { "\($0.kind.rawValue) to \($0.email.text): \($0.payload ?? "none")" }.sorted()
  }
}
