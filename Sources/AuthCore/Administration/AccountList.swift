/// Accounts in the order of their emails, read from the store a page at a time: any number of them takes the memory of a hundred.
///
/// An account that is registered or changed while the list is read may be in it or not.
public struct AccountList: AsyncSequence, Sendable {
  /// An account of the list.
  public typealias Element = Account
  /// The error of a store that does not respond.
  public typealias Failure = AuthError

  let auth: Auth
  let prefix: String
  let state: Account.State?

  /// An iterator that has read nothing yet.
  public func makeAsyncIterator() -> Iterator { Iterator(list: self) }

  /// Reads the accounts one after the other.
  public struct Iterator: AsyncIteratorProtocol {
    private static let pageSize = 100

    private let list: AccountList
    private var page: [Account] = []
    private var last: Email?
    private var isAtEnd = false

    init(list: AccountList) { self.list = list }

    /// The next account; nil after the last.
    ///
    /// - Throws: ``AuthError/unavailable(_:)``.
    public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws(AuthError) -> Account? {
      while page.isEmpty {
        guard !isAtEnd else { return nil }
        let read = try await list.auth.readAccounts(withPrefix: list.prefix, after: last, limit: Self.pageSize)
        isAtEnd = read.count < Self.pageSize
        last = read.last?.email
        page = read.reversed().filter { list.state == nil || $0.state == list.state }
      }
      return page.popLast()
    }
  }
}

extension Auth {
  /// All accounts, in the order of their emails.
  ///
  /// - Parameters:
  ///   - prefix: what their emails begin with, in any ASCII letter case.
  ///   - state: the state that they are in; nil for any. All accounts with the prefix are read for it.
  public func accounts(emailPrefix prefix: String = "", in state: Account.State? = nil) -> AccountList {
    AccountList(auth: self, prefix: prefix, state: state)
  }

  fileprivate func readAccounts(
    withPrefix prefix: String, after last: Email?, limit: Int
  ) async throws(AuthError) -> [Account] {
    do {
      let records = try await store.findAccounts(withPrefix: prefix, after: last, limit: limit)
      return try await accounts(records)
    } catch {
      throw AuthError(error)
    }
  }

  /// Adds to each record what the counters say.
  func accounts(_ records: [Account.Record]) async throws(StoreError) -> [Account] {
    let now = clock.now
    let attempts = records.map { record in
      Throttle.Attempt.login(record.user.email.text, from: .unknown, under: policy.throttling, at: now)
    }
    let counters = try await store.findCounters(of: attempts.flatMap(\.keys))
    return zip(records, zip(attempts, counters)).map { record, counted in
      let delay = counted.0.delay([counted.1])
      let whileEnabled: Account.State = delay != nil ? .locked : record.unverifiedUntil != nil ? .unverified : .active
      return Account(
        id: record.user.id, email: record.user.email, state: record.disabledAt != nil ? .disabled : whileEnabled,
        disabledAt: record.disabledAt, unverifiedUntil: record.unverifiedUntil,
        failedLogins: counted.1, delay: delay, hasPassword: record.user.hashedPassword != .none)
    }
  }
}
