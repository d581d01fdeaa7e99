extension StoreContract {
  /// What a clause is about.
  public enum Subject: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case accounts
    case sessions
    case resetTokens = "reset tokens"
    case resetRequests = "requests for reset tokens"
    case failures
    case purge
    case expiry
    case concurrency
    case hostileText = "hostile text"
    case reopening

    /// The subject in words.
    public var description: String { rawValue }
  }
}
