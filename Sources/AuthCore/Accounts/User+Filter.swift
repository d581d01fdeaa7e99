extension User {
  /// A condition on one attribute of a user.
  public enum Filter: Sendable, Equatable {
    case id(User.ID)
    /// Matches regardless of ASCII letter case.
    case email(Email)
    case hashedPassword(PasswordHash)
    /// nil finds users without one.
    case sessionID(TokenDigest?)
    /// nil finds users without one.
    case resetToken(TokenDigest?)

    /// Makes a filter from the name of an attribute and its value as text, for example from a command line.
    ///
    /// - Parameters:
    ///   - name: `id`, `email`, `hashed_password`, `session_id` or `reset_token`.
    ///   - value: the attribute as text; for `session_id` and `reset_token` the digest (``TokenDigest/hex``), or nil to find
    ///     users without one.
    /// - Throws: ``StoreError/invalidRequest(_:)`` for another name, and for a value that the attribute cannot have.
    public init(name: String, value: String?) throws(StoreError) {
      switch (name, value) {
      case ("id", let value?):
        guard let id = User.ID(value) else { throw .invalidRequest("id must be a whole number") }
        self = .id(id)
      case ("email", let value?):
        do { self = .email(try Email(value)) } catch { throw .invalidRequest(error.description) }
      case ("hashed_password", let value?):
        do { self = .hashedPassword(try PasswordHash(validating: value)) } catch { throw .invalidRequest(error.description) }
      case ("session_id", let value): self = .sessionID(value.map(TokenDigest.init(hex:)))
      case ("reset_token", let value): self = .resetToken(value.map(TokenDigest.init(hex:)))
      case ("id", nil), ("email", nil), ("hashed_password", nil): throw .invalidRequest("\(name) is never null")
      default: throw .invalidRequest("a user has no attribute of the given name")
      }
    }

    /// Whether `user` satisfies the condition.
    public func matches(_ user: User) -> Bool {
      switch self {
      case .id(let id): user.id == id
      case .email(let email): user.email == email
      case .hashedPassword(let hash): user.hashedPassword == hash
      case .sessionID(let digest): user.sessionID == digest
      case .resetToken(let digest): user.resetToken == digest
      }
    }
  }
}
