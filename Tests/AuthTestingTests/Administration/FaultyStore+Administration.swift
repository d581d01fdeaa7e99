import AuthCore
import AuthTesting
import Synchronization

extension FaultyStore {
  func findAccounts(
    withPrefix prefix: String, after last: Email?, limit: Int
  ) async throws(StoreError) -> [Account.Record] {
    var found = try await base.findAccounts(withPrefix: "", after: nil, limit: .max)
    switch fault {
    case .listsInOrderOfIDs: found.sort { $0.user.id < $1.user.id }
    case .listsCapitalsFirst: found.sort { $0.user.email.text < $1.user.email.text }
    case .listForgetsState: found = found.map { Account.Record(user: $0.user, disabledAt: nil) }
    case .listOverlooksUnverified: found = found.map { Account.Record(user: $0.user, disabledAt: $0.disabledAt) }
    case .pageRepeatsTheLast:
      let earlier = try await base.findAccounts(withPrefix: prefix, after: last, limit: limit)
      return found.filter { $0.user.email == last } + earlier
    case .pageIsTooLong: return try await base.findAccounts(withPrefix: prefix, after: last, limit: limit + 1)
    case .prefixHasCase: found = found.filter { $0.user.email.text.hasPrefix(prefix) }
    case .prefixIsPattern:
      found = found.filter { account in
        zip(account.user.email.text.lowercased(), prefix.lowercased()).allSatisfy { $0 == $1 || $1 == "_" }
          && account.user.email.text.count >= prefix.count
      }
    case .prefixIsFoundAnywhere:
      found = found.filter { prefix.isEmpty || $0.user.email.text.lowercased().contains(prefix.lowercased()) }
    default: return try await base.findAccounts(withPrefix: prefix, after: last, limit: limit)
    }
    let rest = found.drop { account in last.map { account.user.email.text.lowercased() <= $0.text.lowercased() } ?? false }
    return Array(rest.prefix(limit))
  }

  func addUser(
    email: Email, hashedPassword: PasswordHash, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> User? {
    switch fault {
    case .losesMessageOfNewUser: return try await add(email, hashedPassword)
    case .queuesBeforeTaken: _ = try await base.addMessage(message, limit: limit)
    case .fullBeforeTaken where limit == 0: return nil
    case .fullOutboxAddsUser:
      guard try await base.statistics(live: .everySession).messages >= limit else { break }
      _ = try await add(email, hashedPassword)
      return nil
    case .fullOutboxIgnored:
      return try await base.addUser(email: email, hashedPassword: hashedPassword, queueing: message, limit: .max)
    default: break
    }
    let user = try await base.addUser(email: email, hashedPassword: hashedPassword, queueing: message, limit: limit)
    if let user { memory.withLock { $0.newestID = max($0.newestID, user.id) } }
    return user
  }

  func importUsers(_ users: [Account.Import]) async throws(StoreError) -> [Account.Import.Outcome] {
    let before = await self.users()
    let enabled = users.map { Account.Import(email: $0.email, hash: $0.hash, disabledAt: nil) }
    if fault == .tellsNoImport { try await base.keepAccountEvents(for: .zero) }
    var outcomes = try await base.importUsers(fault == .importsAllEnabled ? enabled : users)
    if fault == .tellsNoImport { try await base.keepAccountEvents(for: .seconds(3600)) }
    for account in users {
      // An email that someone else can take back has no user.
      guard let user = try? await base.findUser(by: .email(account.email)) else { continue }
      memory.withLock { $0.newestID = max($0.newestID, user.id) }
      guard before.contains(where: { $0.id == user.id }) else { continue }
      if fault == .importOverwrites { try await base.updateUser(user.id, .hashedPassword(account.hash)) }
      if fault == .importDisables, let moment = account.disabledAt {
        _ = try await base.disableUser(user.id, at: moment, endingSessionsIn: .everySession)
      }
    }
    if fault == .importHidesDifference { outcomes = outcomes.map { $0 == .differs ? .exists : $0 } }
    if fault == .importLooksFirst {
      outcomes = users.map { account in before.contains { $0.email == account.email } ? .exists : .added }
    }
    return outcomes
  }

  func eraseUser(
    _ id: User.ID, clearing keys: [Throttle.Key], notice: OutboxMessage?
  ) async throws(StoreError) -> Bool {
    let messages = try await base.findMessages(to: id)
    let isErased = try await base.eraseUser(
      id, clearing: fault == .erasureKeepsCounters ? [] : keys, notice: fault == .tellsNoOneOfErasure ? nil : notice)
    if fault == .erasureKeepsMessages { for message in messages { _ = try await base.addMessage(message, limit: .max) } }
    if fault == .erasureClearsAllMessages {
      for message in memory.withLock({ $0.messages }) { try await base.removeMessage(message.id) }
    }
    if fault == .tellsOfErasureOfNoOne, !isErased, let notice { _ = try await base.addMessage(notice, limit: .max) }
    return isErased
  }

  func clearCounters(of keys: [Throttle.Key], notice: OutboxMessage?) async throws(StoreError) -> Bool {
    if fault == .clearsNothing { return try await base.findCounters(of: keys).contains { $0 != .none } }
    let wereCounted = try await base.clearCounters(of: keys, notice: fault == .tellsNoOneOfClearing ? nil : notice)
    if fault == .tellsOfClearingNothing, !wereCounted, let notice { _ = try await base.addMessage(notice, limit: .max) }
    return wereCounted || fault == .clearsWithoutAny
  }

  func findMessages(to id: User.ID) async throws(StoreError) -> [OutboxMessage] {
    let found = try await base.findMessages(to: id)
    switch fault {
    case .findsMessagesByEmailOnly: return found.filter { $0.userID == nil }
    case .findsNewestMessageFirst: return found.reversed()
    default: return found
    }
  }

  func statistics(live: Session.Cutoff) async throws(StoreError) -> StoreStatistics {
    var statistics = try await base.statistics(live: live)
    if fault == .countsDeadAsLive { statistics.liveSessions = statistics.storedSessions }
    if fault == .countsAllDisabled { statistics.disabledUsers = statistics.users }
    return statistics
  }
}
