extension User {
  /// A new value for one attribute of a user. The id never changes.
  public enum Change: Sendable, Equatable {
    /// Takes back the reset token in force, which went to the former address.
    case email(Email)
    case hashedPassword(PasswordHash)
    /// Ends every session of the user. A session begins with ``AuthStore/addSession(_:limit:live:ifPassword:)`` alone.
    case endSessions
    /// Takes back the reset token in force. One is issued with ``AuthStore/addResetToken(_:for:)`` alone.
    case revokeResetToken

    /// A change whose attribute comes as text: from a command line, say, or a configuration.
    ///
    /// - Parameters:
    ///   - name: `email`, `hashed_password`, `session_id` or `reset_token`.
    ///   - value: the new text; for the last two only nil, which ends or revokes what they name.
    /// - Throws: ``StoreError/invalidRequest(_:)`` for another name, and for a value that the attribute cannot be given.
    public init(name: String, value: String?) throws(StoreError) {
      switch (name, value) {
      case ("email", let value?):
        do { self = .email(try Email(value)) } catch { throw .invalidRequest(error.description) }
      case ("hashed_password", let value?):
        do { self = .hashedPassword(try PasswordHash(validating: value)) } catch { throw .invalidRequest(error.description) }
      case ("session_id", nil): self = .endSessions
      case ("reset_token", nil): self = .revokeResetToken
      case ("session_id", .some), ("reset_token", .some): throw .invalidRequest("\(name) can only be set to null")
      case ("email", nil), ("hashed_password", nil): throw .invalidRequest("\(name) is never null")
      case ("id", _): throw .invalidRequest("id never changes")
      default: throw .invalidRequest("a user has no attribute of the given name")
      }
    }
  }
}
