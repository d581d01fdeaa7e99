extension AuthPolicy {
  /// The email, if it may be registered.
  func newEmail(_ text: String) throws(AuthError) -> Email {
    do throws(EmailProblem) {
      let email = try Email(text)
      if let problem = emailRule.problem(with: email) { throw problem }
      return email
    } catch {
      throw .invalidEmail(error)
    }
  }

  /// The password, if an account with this email may be given it.
  func newPassword(_ text: String, for email: Email) throws(AuthError) -> Password {
    do throws(PasswordProblem) {
      let text = try normalized(text)
      let password = try Password(text)
      guard password.byteCount > 0 else { throw .empty }
      let length = text.unicodeScalars.count
      guard length >= passwords.minimumLength else { throw .tooShort(scalars: length, minimum: passwords.minimumLength) }
      if let problem = passwords.blocklist?.problem(in: text, of: email) { throw problem }
      return password
    } catch {
      throw .invalidPassword(error)
    }
  }

  /// The forms in which a text given at login may have been stored, the current form first; empty for text that no account can
  /// have.
  func candidatePasswords(_ text: String) -> [Password] {
    guard let normalized = try? normalized(text) else { return [] }
    let forms = normalized.hasSameBytes(as: text) ? [text] : [normalized, text]
    return forms.compactMap { try? Password($0) }
  }

  /// The text in the form in which it is hashed.
  private func normalized(_ text: String) throws(PasswordProblem) -> String {
    guard passwords.normalizesToNFC else { return text }
    // NFC makes no text shorter than a third (UAX #15, section 12); text that cannot fit is not worth the work, which can be
    // much.
    guard text.utf8.count <= 3 * Password.maximumBytes else { throw .tooLong(bytes: text.utf8.count) }
    return text.normalizedToNFC()
  }

  /// Whether the session is of a user who asked to be remembered, as far as its length shows.
  func isRemembered(_ session: Session) -> Bool {
    session.createdAt + sessions.unrememberedLifetime < session.expiresAt
  }

  func liveSessions(at now: Timestamp) -> Session.Cutoff {
    Session.Cutoff(expiringAfter: now, usedAfter: sessions.idleTimeout.map { now - $0 } ?? .distantPast)
  }

  /// Whether the use of a session is due to be recorded: at most once a minute, and often enough for a shorter idle timeout.
  func isTouchDue(lastUsedAt: Timestamp, at now: Timestamp) -> Bool {
    guard let idleTimeout = sessions.idleTimeout else { return false }
    return lastUsedAt + min(.seconds(60), idleTimeout / 2) <= now
  }
}
