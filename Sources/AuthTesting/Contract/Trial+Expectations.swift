internal import AuthCore

extension Trial {
  func expect<Value: Equatable>(_ found: Value, is expected: Value, _ matter: String) throws {
    guard found != expected else { return }
    throw violation(matter, expected: "\(expected)", found: "\(found)")
  }

  /// Byte for byte, where `==` on users folds letter case.
  func expect(_ found: User?, is expected: User?, _ matter: String) throws {
    try expect(found.map(spelled) ?? "nobody", is: expected.map(spelled) ?? "nobody", matter)
  }

  func expect(_ found: User, is expected: User, _ matter: String) throws {
    try expect(spelled(found), is: spelled(expected), matter)
  }

  func expect(_ found: Profile?, is expected: Profile?, _ matter: String) throws {
    try expect(found.map(spelled) ?? "nobody", is: expected.map(spelled) ?? "nobody", matter)
  }

  /// Byte for byte, where `==` on what sessions know of their client takes canonically equivalent texts for equal.
  func expect(_ found: Session?, is expected: Session?, _ matter: String) throws {
    try expect(found.map(spelled) ?? "none", is: expected.map(spelled) ?? "none", matter)
  }

  /// Byte for byte and in order, as above.
  func expect(_ found: [Session], is expected: [Session], _ matter: String) throws {
    try expect(
      found.map(spelled).joined(separator: ", "), is: expected.map(spelled).joined(separator: ", "), matter)
  }

  /// Byte for byte, where `==` on addresses folds letter case.
  func expect(_ found: OutboxMessage?, is expected: OutboxMessage?, _ matter: String) throws {
    try expect(found.map(spelled) ?? "none", is: expected.map(spelled) ?? "none", matter)
  }

  /// Byte for byte, where `==` on strings takes canonically equivalent texts for equal.
  func expect(_ found: String, is expected: String, _ matter: String) throws {
    guard !found.hasSameBytes(as: expected) else { return }
    throw violation(matter, expected: escaped(expected), found: escaped(found))
  }

  func expectError<Answer>(
    _ expected: StoreError, _ matter: String, _ operation: () async throws(StoreError) -> Answer
  ) async throws {
    do throws(StoreError) {
      _ = try await operation()
    } catch {
      guard error != expected else { return }
      throw violation(matter, expected: "the error \"\(expected)\"", found: "the error \"\(error)\"")
    }
    throw violation(matter, expected: "the error \"\(expected)\"", found: "an answer")
  }

  func expectNobody(_ matter: String, by filters: [User.Filter]) async throws {
    try await expectError(.noResultFound, matter) { () async throws(StoreError) in
      try await store.findUser(by: filters)
    }
  }

  /// Of operations that ran at the same time, which one was answered with `true`; exactly one must have been.
  func expectOneTrue(_ outcomes: [Result<Bool, StoreError>], _ matter: String) throws -> Int {
    let winners = try outcomes.indices.filter { try outcomes[$0].get() }
    try expect(winners.count, is: 1, "how many calls were answered true, \(matter)")
    return winners[0]
  }

  private func violation(_ matter: String, expected: String, found: String) -> ContractViolation {
    ContractViolation(clause: clause, matter: matter, expected: expected, found: found)
  }

  /// Everything there is to a user. The hash is shown: in a trial it is one that the clause made up.
  private func spelled(_ user: User) -> String {
    """
    user \(user.id), address \(user.email.text), hash \(user.hashedPassword.text), \
    session \(user.sessionID?.hex ?? "none"), reset token \(user.resetToken?.hex ?? "none")
    """
  }

  private func spelled(_ profile: Profile) -> String {
    "user \(profile.id), address \(profile.email.text)"
  }

  private func spelled(_ session: Session) -> String {
    """
    session \(session.id.hex) of user \(session.userID), begun \(session.createdAt.secondsSince1970), \
    used \(session.lastUsedAt.secondsSince1970), ends \(session.expiresAt.secondsSince1970), \
    address \(session.ipAddress ?? "unknown"), user agent \(session.userAgent.map { "\"\($0)\"" } ?? "unknown")
    """
  }

  private func spelled(_ request: OutboxMessage) -> String {
    """
    request \(request.id) for \(request.email.text), made \(request.createdAt.secondsSince1970), tried \(request.tries) times
    """
  }

  /// In ASCII, so that what looks the same and is not can be told apart.
  private func escaped(_ text: String) -> String {
    text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined()
  }
}
