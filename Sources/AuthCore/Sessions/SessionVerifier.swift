/// Knows whose session an id is: an ``Auth`` in the same process, or the client of a server elsewhere.
///
/// Both ask the store of the sessions for each request, so that a logout anywhere is a logout everywhere, at once.
public protocol SessionVerifier: Sendable {
  /// The id and the email of a session's user; nil if the id is nil, empty or unknown, or if the session has ended.
  ///
  /// - Throws: ``AuthError/unavailable(_:)`` when the store or the server does not respond. No error ever means yes.
  func profile(for sessionID: SessionID?) async throws(AuthError) -> Profile?

  /// The session's user, when it was opened and when it ends, when and how its user authenticated; nil where
  /// ``profile(for:)`` is nil.
  ///
  /// - Throws: ``AuthError/unavailable(_:)``, as there.
  func details(for sessionID: SessionID?) async throws(AuthError) -> SessionDetails?
}

extension Auth: SessionVerifier {}
