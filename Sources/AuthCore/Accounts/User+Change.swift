extension User {
  /// A new value for one attribute of a user. The id never changes.
  public enum Change: Sendable, Equatable {
    /// Sets the email and revokes the reset token, which was sent to the previous email. An open change of the email is void, and
    /// so are the tokens with which readers of former emails could take the account back.
    case email(Email)
    /// Sets the hash. An open change of the email is void.
    case hashedPassword(PasswordHash)
    /// Ends every session of the user. A change cannot open one; for that there is
    /// ``SessionStore/addSession(_:limit:live:ifPassword:replacing:settling:recognizing:)``.
    case endSessions
    /// Revokes the reset token. A change cannot issue one; for that there is ``ResetTokenStore/addResetToken(_:for:)``.
    case revokeResetToken

    /// Makes a change from the name of an attribute and its new value as text, for example from a command line.
    ///
    /// - Parameters:
    ///   - name: `email`, `hashed_password`, `session_id` or `reset_token`.
    ///   - value: the new text. For `session_id` and `reset_token` it must be nil, which ends all sessions or revokes the token.
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
