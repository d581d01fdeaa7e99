extension Auth {
  /// Checks an account for ``importUsers(_:from:)``, as ``importUser(email:hash:)`` checks it. A hash that begins with `!` or
  /// `*`, which is how other systems mark an account without a password, is accepted too: its owner sets one with a reset token.
  ///
  /// - Throws: ``AuthError/invalidEmail(_:)``, ``AuthError/unacceptableHash(_:)``.
  public func checkImport(email: String, hash: String, isDisabled: Bool) throws(AuthError) -> Account.Import {
    let isWithoutPassword = hash.utf8.first == UInt8(ascii: "!") || hash.utf8.first == UInt8(ascii: "*")
    return Account.Import(
      email: try policy.newEmail(email), hash: isWithoutPassword ? .none : try acceptedHash(hash),
      disabledAt: isDisabled ? clock.now : nil)
  }

  /// Saves accounts that do not exist yet, all in one transaction, and leaves those that do. Other writes wait for it, so import
  /// a few hundred at a time, and pause in between. After an interruption, begin again: what was saved is left.
  ///
  /// One event is recorded for all of them.
  ///
  /// - Parameters:
  ///   - accounts: the accounts, each with the hash of its password.
  ///   - client: whose request this is, for the event.
  /// - Returns: what became of each, in order.
  public func importUsers(
    _ accounts: [Account.Import], from client: Client
  ) async throws(AuthError) -> [Account.Import.Outcome] {
    let outcomes: [Account.Import.Outcome]
    do { outcomes = try await store.importUsers(accounts) } catch { throw AuthError(error) }
    if outcomes.contains(.added) { record(.usersImported, of: nil, from: client) }
    return outcomes
  }

  /// What ``importUsers(_:from:)`` would do with each of these accounts alone. Nothing is changed.
  public func rehearseImport(_ accounts: [Account.Import]) async throws(AuthError) -> [Account.Import.Outcome] {
    var outcomes: [Account.Import.Outcome] = []
    for account in accounts {
      let user = try await user(with: account.email)
      outcomes.append(user.map { $0.hashedPassword == account.hash ? .exists : .differs } ?? .added)
    }
    return outcomes
  }

  /// The first `limit` accounts, in the order of their emails, that come after `last`: what ``importUsers(_:from:)`` of another
  /// installation takes. The hashes are a secret. Unverified accounts are left out: where they are imported, they would count as
  /// accounts that an operator vouches for.
  public func exportUsers(after last: Email?, limit: Int) async throws(AuthError) -> [Account.Import] {
    var (accounts, last, isAtEnd) = ([Account.Import](), last, false)
    while accounts.count < limit, !isAtEnd {
      let wanted = limit - accounts.count
      let records: [Account.Record]
      do { records = try await store.findAccounts(withPrefix: "", after: last, limit: wanted) } catch { throw AuthError(error) }
      accounts += records.filter { $0.unverifiedUntil == nil }.map { record in
        Account.Import(email: record.user.email, hash: record.user.hashedPassword, disabledAt: record.disabledAt)
      }
      (last, isAtEnd) = (records.last?.user.email, records.count < wanted)
    }
    return accounts
  }
}
