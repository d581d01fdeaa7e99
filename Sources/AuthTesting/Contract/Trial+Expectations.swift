internal import AuthCore

extension Trial {
  func expect<Value: Equatable>(_ found: Value, is expected: Value, _ matter: String) throws {
    guard found != expected else { return }
    throw violation(matter, expected: "\(expected)", found: "\(found)")
  }

  /// Byte for byte, where `==` on emails ignores letter case.
  func expect(_ found: User?, is expected: User?, _ matter: String) throws {
    try expect(found.map(spelled) ?? "no user", is: expected.map(spelled) ?? "no user", matter)
  }

  func expect(_ found: User, is expected: User, _ matter: String) throws {
    try expect(spelled(found), is: spelled(expected), matter)
  }

  func expect(_ found: Profile?, is expected: Profile?, _ matter: String) throws {
    try expect(found.map(spelled) ?? "no user", is: expected.map(spelled) ?? "no user", matter)
  }

  /// Byte for byte, where `==` on strings ignores differences of normalization.
  func expect(_ found: Session?, is expected: Session?, _ matter: String) throws {
    try expect(found.map(spelled) ?? "none", is: expected.map(spelled) ?? "none", matter)
  }

  /// Byte for byte and in order, as above.
  func expect(_ found: [Session], is expected: [Session], _ matter: String) throws {
    try expect(
      found.map(spelled).joined(separator: ", "), is: expected.map(spelled).joined(separator: ", "), matter)
  }

  /// Byte for byte, where `==` on emails ignores letter case.
  func expect(_ found: OutboxMessage?, is expected: OutboxMessage?, _ matter: String) throws {
    try expect(found.map(spelled) ?? "none", is: expected.map(spelled) ?? "none", matter)
  }

  /// Byte for byte, where `==` on strings ignores differences of normalization.
  func expect(_ found: String, is expected: String, _ matter: String) throws {
    guard !found.hasSameBytes(as: expected) else { return }
    throw violation(matter, expected: escaped(expected), found: escaped(found))
  }

  func expectError<Value>(
    _ expected: StoreError, _ matter: String, _ operation: () async throws(StoreError) -> Value
  ) async throws {
    do throws(StoreError) {
      _ = try await operation()
    } catch {
      guard error != expected else { return }
      throw violation(matter, expected: "the error \"\(expected)\"", found: "the error \"\(error)\"")
    }
    throw violation(matter, expected: "the error \"\(expected)\"", found: "no error")
  }

  func expectNoUser(_ matter: String, by filters: [User.Filter]) async throws {
    try await expectError(.noResultFound, matter) { () async throws(StoreError) in
      try await store.findUser(by: filters)
    }
  }

  /// The index of the only one of several simultaneous operations that returned true.
  func expectOneTrue(_ outcomes: [Result<Bool, StoreError>], _ matter: String) throws -> Int {
    let winners = try outcomes.indices.filter { try outcomes[$0].get() }
    try expect(winners.count, is: 1, "the number of calls that returned true, \(matter)")
    return winners[0]
  }

  private func violation(_ matter: String, expected: String, found: String) -> ContractViolation {
    ContractViolation(clause: clause, matter: matter, expected: expected, found: found)
  }

  /// Every property of a user. The hash is shown, because in a trial the clause made it up.
  private func spelled(_ user: User) -> String {
    """
    user \(user.id), email \(user.email.text), hash \(user.hashedPassword.text), \
    session \(user.sessionID?.hex ?? "none"), reset token \(user.resetToken?.hex ?? "none")
    """
  }

  private func spelled(_ profile: Profile) -> String {
    "user \(profile.id), email \(profile.email.text)"
  }

  private func spelled(_ session: Session) -> String {
    """
    session \(session.id.hex) of user \(session.userID), begun \(session.createdAt.secondsSince1970), \
    used \(session.lastUsedAt.secondsSince1970), ends \(session.expiresAt.secondsSince1970), \
    authenticated \(session.authenticatedAt.map { "\($0.secondsSince1970)" } ?? "never") \
    by \(session.methods.map { "\"\($0.rawValue)\"" }), \
    IP address \(quoted(session.ipAddress)), user agent \(quoted(session.userAgent))
    """
  }

  private func spelled(_ message: OutboxMessage) -> String {
    """
    message "\(message.id)" of kind "\(message.kind.rawValue)" for user \(message.userID.map { "\($0)" } ?? "none"), \
    email "\(message.email.text)", payload \(quoted(message.payload)), queued \(message.createdAt.secondsSince1970), \
    tried \(message.tries) times
    """
  }

  private func quoted(_ text: String?) -> String {
    text.map { "\"\($0)\"" } ?? "none"
  }

  /// In ASCII, so that texts that only look the same can be told apart.
  private func escaped(_ text: String) -> String {
    text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined()
  }
}
