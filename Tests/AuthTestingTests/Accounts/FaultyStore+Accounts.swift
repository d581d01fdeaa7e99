import AuthCore
import AuthTesting
import Synchronization

extension FaultyStore {
  func addUser(email: Email, hashedPassword: PasswordHash) async throws(StoreError) -> User {
    try requireUnmerged(email)
    var hash = hashedPassword
    if fault == .losesHash { hash = PasswordHash("") }
    if fault == .trimsHash { hash = PasswordHash(String(hash.text.reversed().drop { $0 == " " }.reversed())) }
    var email = email
    if fault == .lowercasesEmail { email = Email(stored: email.text.lowercased()) }
    let count = await users().count
    if fault == .looksThenRegisters || fault == .countsThenRegisters {
      if await users().contains(where: { $0.email == email }) { throw .emailTaken }
      await letOthersRun()
    }
    do {
      let user = try await add(email, hash)
      return User(id: shownID(of: user, among: count), email: email, hashedPassword: hash)
    } catch .emailTaken {
      switch fault {
      case .registersTwice, .looksThenRegisters:
        return try await add(Email(stored: "\(email.text) \(await users().count)"), hash)
      case .overwritesRefusedUser:
        try await base.updateUser(try await base.findUser(by: .email(email)).id, .hashedPassword(hash))
      default: break
      }
      throw .emailTaken
    }
  }

  func findUser(by filters: [User.Filter]) async throws(StoreError) -> User {
    var filters = filters
    if fault == .ignoresSessionFilter { filters.removeAll { if case .sessionID(.some) = $0 { true } else { false } } }
    if fault == .usesFirstFilterOnly { filters = Array(filters.prefix(1)) }
    if fault == .matchesNothingWithNil, filters.contains(.sessionID(nil)) || filters.contains(.resetToken(nil)) {
      throw .noResultFound
    }
    let matching = await users().filter { user in filters.allSatisfy { matches(user, $0) } }
    guard var user = fault == .findsLastUser ? matching.last : matching.first else {
      throw fault == .findsWithWrongError ? .invalidRequest("nobody matches") : .noResultFound
    }
    if fault == .keepsSessionIDOfPurged {
      user.sessionID = memory.withLock { [id = user.id] in $0.purgedSessionIDs[id] } ?? user.sessionID
    }
    if fault == .keepsSessionIDOfEnded {
      user.sessionID = memory.withLock { [id = user.id] in $0.sessions.last { $0.userID == id }?.id }
    }
    return user
  }

  func findUser(
    email: Email?, counters keys: [Throttle.Key]
  ) async throws(StoreError) -> (user: User?, isDisabled: Bool, unverifiedUntil: Timestamp?, counters: [Throttle.Counter]) {
    let keys = fault == .loginSortsKeys ? keys.sorted { $0.digest < $1.digest } : keys
    var (user, isDisabled, unverifiedUntil, _) = try await base.findUser(email: email, counters: [])
    var counters = try await findCounters(of: keys)
    switch fault {
    case .loginFindsExactCaseOnly where user?.email.text != email?.text: user = nil
    case .loginFindsFirstUserForNil where email == nil: user = await users().first
    case .loginFindsCountersOfUsersOnly where user == nil: counters = keys.map { _ in .none }
    case .loginOverlooksDisabled: isDisabled = false
    case .loginOverlooksUnverified: unverifiedUntil = nil
    case .disablesEmail: isDisabled = email.map { email in memory.withLock { $0.disabledEmails.contains(email) } } ?? false
    default: break
    }
    return (user, isDisabled, unverifiedUntil, counters)
  }

  private func matches(_ user: User, _ filter: User.Filter) -> Bool {
    guard case .email(let email) = filter else { return filter.matches(user) }
    return switch fault {
    case .findsExactCaseOnly: user.email.text == email.text
    case .findsByPattern: filter.matches(user) || email.text.contains("%")
    default: filter.matches(user)
    }
  }

  func updateUser(_ id: User.ID, _ changes: [User.Change]) async throws(StoreError) {
    var changes = changes
    for case .email(let email) in changes {
      try requireUnmerged(email)
      memory.withLock { $0.newestEmail = email }
      if fault == .refusesOwnEmail, await users().contains(where: { $0.email == email }) { throw .emailTaken }
      if fault == .tellsUnchangedEmails, await users().contains(where: { $0.email == email && $0.id == id }) {
        // Then it is changed back.
        try await base.updateUser(id, .email(Email(stored: "another@example.org")))
      }
    }
    if fault == .ignoresRevocation { changes.removeAll { $0 == .revokeResetToken } }
    if fault == .makesFirstChangeOnly { changes = Array(changes.prefix(1)) }
    if fault == .endsSessionsWithHash, changes.contains(where: { if case .hashedPassword = $0 { true } else { false } }) {
      changes.append(.endSessions)
    }
    if fault == .endsSessionsOfAll, changes.contains(.endSessions) { await endSessions { _ in true } }
    if fault == .enablesWithNewHash, changes.contains(where: { if case .hashedPassword = $0 { true } else { false } }) {
      _ = try await base.enableUser(id)
    }
    if fault == .makesChangesOneByOne {
      for change in changes { try await base.updateUser(id, change) }
      return
    }
    let rows = emailRows
    defer { if fault == .newEmailKeepsRights { putBack(rows, of: id) } }
    do { try await base.updateUser(id, changes) } catch {
      if fault == .ignoresUnknownUser, error == .noResultFound { return }
      throw error
    }
  }

  func replaceHashedPassword(
    of id: User.ID, _ expected: PasswordHash, with hash: PasswordHash
  ) async throws(StoreError) -> Bool {
    guard let user = await users().first(where: { $0.id == id }) else { return false }
    switch fault {
    case .replacesAnyHash: break
    // Swift's strings are equal when they are canonically equivalent.
    case .comparesHashesAsCharacters where user.hashedPassword.text == expected.text: break
    case .looksThenReplaces where user.hashedPassword == expected: await letOthersRun()
    default: return try await base.replaceHashedPassword(of: id, expected, with: hash)
    }
    try await base.updateUser(id, .hashedPassword(hash))
    return true
  }
}

extension FaultyStore {
  func users() async -> [User] {
    var users: [User] = []
    for id in 0...memory.withLock({ $0.newestID }) {
      if let user = try? await base.findUser(by: .id(id)) { users.append(user) }
    }
    return users
  }

  @discardableResult
  func add(_ email: Email, _ hash: PasswordHash) async throws(StoreError) -> User {
    let user = try await base.addUser(email: email, hashedPassword: hash)
    memory.withLock { $0.newestID = max($0.newestID, user.id) }
    return user
  }

  private func shownID(of user: User, among count: Int) -> User.ID {
    memory.withLock { memory in
      switch fault {
      case .countsDown: .max - user.id
      case .countsThenRegisters: User.ID(count + 1)
      case .reusesIDs: memory.deletedUsers.popLast()?.id ?? user.id
      case .forgetsUsedIDs where memory.openings > 1: User.ID(count + 1)
      default: user.id
      }
    }
  }

  /// Refuses an email that the fault takes for another.
  private func requireUnmerged(_ email: Email) throws(StoreError) {
    guard let text = merged(email.text) else { return }
    guard memory.withLock({ $0.emails.insert(text).inserted }) else { throw .emailTaken }
  }

  private func merged(_ text: String) -> String? {
    switch fault {
    case .neverFreesEmail, .normalizesEmail: text
    case .dropsQuotes: text.filter { $0 != "'" }
    case .mergesWildcards: String(text.map { $0 == "_" ? "%" : $0 })
    case .foldsAllLetters: text.lowercased()
    case .trimsEmail: String(text.reversed().drop { $0 == " " }.reversed())
    case .dropsInvisible: String(text.unicodeScalars.filter { $0.properties.generalCategory != .format })
    case .truncatesEmail: String(decoding: text.utf8.prefix(249), as: UTF8.self)
    default: nil
    }
  }
}
