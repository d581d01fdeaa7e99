public import AuthCore
internal import FoundationEssentials
internal import NIOHTTP1

extension AuthClient: SessionVerifier {
  /// The id and the email of a session's user; nil if the id is nil, empty or unknown, or if the session has ended.
  ///
  /// Every call asks the server (`GET /profile`), which asks its store.
  public func profile(for sessionID: SessionID?) async throws(AuthError) -> Profile? {
    guard let bearer = sessionID?.bearer else { return nil }
    let response = try await send(Call(method: .GET, path: "/profile", bearer: bearer, isRepeatable: true))
    guard response.status == 200 else { return try response.nothing(if: .invalidSession) }
    let members = try response.members(ProfileMembers.self)
    return Profile(id: try response.id(members.id), email: Email(stored: members.email))
  }

  /// The session's user, when it was opened and when it ends, when and how its user authenticated; nil where ``profile(for:)`` is
  /// nil. It asks `POST /introspect` and needs the service key.
  public func details(for sessionID: SessionID?) async throws(AuthError) -> SessionDetails? {
    guard let sessionID, sessionID.bearer != nil else { return nil }
    let response = try await send(
      Call(
        method: .POST, path: "/introspect", bearer: requireServiceKey(), fields: [("token", sessionID.text)], isRepeatable: true))
    guard response.status == 200 else { throw response.error() }
    let members = try response.members(Introspection.self)
    guard members.isActive else { return nil }
    guard let id = members.sub.flatMap(User.ID.init), let email = members.email, let iat = members.iat, let exp = members.exp
    else {
      throw response.unexpected
    }
    return SessionDetails(
      user: Profile(id: id, email: Email(stored: email)), createdAt: Timestamp(secondsSince1970: iat),
      expiresAt: Timestamp(secondsSince1970: exp), authenticatedAt: members.authTime.map(Timestamp.init),
      methods: (members.amr ?? []).map(AuthenticationMethod.init))
  }

  /// The user's open sessions, the newest first, as one of them sees the others.
  ///
  /// - Throws: ``AuthCore/AuthError/invalidSession``.
  public func sessions(of sessionID: SessionID) async throws(AuthError) -> [ListedSession] {
    let response = try await send(
      Call(method: .GET, path: "/sessions", bearer: requireBearer(sessionID), isRepeatable: true))
    guard response.status == 200 else { throw response.error() }
    let listed = try response.members(Listing.self).sessions
    let sessions = listed.compactMap(ListedSession.init)
    guard sessions.count == listed.count else { throw response.unexpected }
    return sessions
  }

  /// Ends this session and returns whether it was open.
  @discardableResult
  public func logOut(_ sessionID: SessionID?, from client: Client) async throws(AuthError) -> Bool {
    guard let sessionID, let bearer = sessionID.bearer else { return false }
    // Not `DELETE /sessions`, which responds with a redirect.
    let response = try await send(
      Call(method: .DELETE, path: "/sessions/\(sessionID.digest.hex)", bearer: bearer, client: client))
    if response.status == 200 {
      try response.requireMessage()
      return true
    }
    // Another request may have ended it in the meantime.
    if response.isUnknownSession { return false }
    return try response.nothing(if: .invalidSession) ?? false
  }

  /// Ends a session of the same user and returns whether it was open.
  ///
  /// - Parameters:
  ///   - sessionID: the user's session.
  ///   - id: the public name of the session that ends.
  ///   - client: whose attempt this is.
  ///   - password: the current password, which is needed where the login is not recent.
  /// - Throws: ``AuthCore/AuthError/invalidSession``, ``AuthCore/AuthError/reauthenticationRequired``,
  ///   ``AuthCore/AuthError/wrongPassword``, ``AuthCore/AuthError/throttled(retryAfter:)``.
  @discardableResult
  public func endSession(
    _ id: Session.ID, by sessionID: SessionID, password: String? = nil, from client: Client
  ) async throws(AuthError) -> Bool {
    let response = try await send(
      Call(
        method: .DELETE, path: "/sessions/\(id.hex)", bearer: requireBearer(sessionID), fields: passwordField(password),
        client: client))
    if response.isUnknownSession { return false }
    guard response.status == 200 else { throw response.error() }
    try response.requireMessage()
    return true
  }

  /// Ends all sessions of the user but this one.
  ///
  /// - Parameters:
  ///   - sessionID: the user's session.
  ///   - client: whose attempt this is.
  ///   - password: as for ``endSession(_:by:password:from:)``, which also lists the errors.
  public func endOtherSessions(
    than sessionID: SessionID, password: String? = nil, from client: Client
  ) async throws(AuthError) {
    let response = try await send(
      Call(
        method: .DELETE, path: "/sessions?others=true", bearer: requireBearer(sessionID), fields: passwordField(password),
        client: client))
    guard response.status == 200 else { throw response.error() }
    try response.requireMessage()
  }
}

extension AuthClient {
  func passwordField(_ password: String?) -> [(name: String, value: String)] {
    password.map { [("current_password", $0)] } ?? []
  }

  func requireBearer(_ sessionID: SessionID) throws(AuthError) -> String {
    guard let bearer = sessionID.bearer else { throw .invalidSession }
    return bearer
  }
}

extension SessionID {
  /// The text, if a header can carry it (RFC 6750, 2.1). No other was ever issued.
  var bearer: String? {
    let isToken = !text.isEmpty && text.utf8.count <= 250 && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    return isToken ? text : nil
  }
}

/// An open session as its user sees it.
public struct ListedSession: Sendable, Equatable, Identifiable {
  /// The public name of the session, which cannot be presented as one.
  public let id: Session.ID
  /// When it was opened.
  public let createdAt: Timestamp
  /// The last use, to the minute.
  public let lastUsedAt: Timestamp
  /// When it ends, used or not.
  public let expiresAt: Timestamp
  /// The IP address of the client that opened it, where it is known.
  public let ipAddress: String?
  /// The user agent of the client that opened it, where it is known.
  public let userAgent: String?
  /// Whether it is the one that asked.
  public let isCurrent: Bool

  /// nil if a time is not one.
  fileprivate init?(_ members: Listing.Member) {
    guard let createdAt = Timestamp(rfc3339: members.createdAt), let lastUsedAt = Timestamp(rfc3339: members.lastUsedAt),
      let expiresAt = Timestamp(rfc3339: members.expiresAt)
    else { return nil }
    id = Session.ID(hex: members.id)
    self.createdAt = createdAt
    self.lastUsedAt = lastUsedAt
    self.expiresAt = expiresAt
    ipAddress = members.address
    userAgent = members.userAgent
    isCurrent = members.current
  }
}

extension Timestamp {
  init?(rfc3339 text: String) {
    guard let date = try? Date(text, strategy: .iso8601) else { return nil }
    self.init(secondsSince1970: Int64(date.timeIntervalSince1970))
  }
}

private struct Listing: Decodable {
  let sessions: [Member]

  struct Member: Decodable {
    let id, createdAt, lastUsedAt, expiresAt: String
    let address, userAgent: String?
    let current: Bool

    private enum CodingKeys: String, CodingKey {
      case id, address, current
      case createdAt = "created_at"
      case lastUsedAt = "last_used_at"
      case expiresAt = "expires_at"
      case userAgent = "user_agent"
    }
  }
}

private struct ProfileMembers: Decodable {
  let email: String
  let id: String?
}

/// RFC 7662, 2.2.
private struct Introspection: Decodable {
  let isActive: Bool
  let sub, email: String?
  let iat, exp, authTime: Int64?
  let amr: [String]?

  private enum CodingKeys: String, CodingKey {
    case sub, email, iat, exp, amr
    case isActive = "active"
    case authTime = "auth_time"
  }
}
