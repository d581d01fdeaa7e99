extension StoreContract {
  /// The port of `AuthStore` that a clause belongs to. Each has a list of its own, such as ``accountClauses``.
  public enum Port: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// `AccountStore`
    case accounts
    /// `SessionStore`
    case sessions
    /// `ResetTokenStore`
    case resetTokens = "reset tokens"
    /// `OutboxStore`
    case outbox
    /// `ThrottleStore`
    case throttle
    /// `MaintenanceStore`
    case maintenance

    /// The port in words.
    public var description: String { rawValue }
  }
}
