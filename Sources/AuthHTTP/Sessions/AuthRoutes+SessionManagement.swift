internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

extension AuthRoutes.Feature {
  /// `GET /sessions`, `DELETE /sessions/{id}` and `DELETE /sessions`, also with `others=true`: users list and end their sessions.
  /// Both also work as `POST` to the same path with `/delete` after it.
  public static let sessionManagement = Self(
    "sessionManagement", defaultUnder: [.strict],
    [
      .init(.get, "/sessions") {
        try await $0.listSessions($1)
      } describedBy: { _ in
        Operation(
          id: "listSessions", summary: "The open sessions of the user, the newest first.",
          credential: .session(isRequired: true), outcomes: [.ok(.sessions)],
          links: [.init(id: "endSession", parameters: ["id": "$response.body#/sessions/0/id"])])
      }
    ]
      + AuthRoutes.Route.delete("/sessions/:id") {
        try await $0.endSession($1)
      } describedBy: { _ in
        Operation(
          id: "endSession", summary: "Ends one session of the user.", credential: .session(isRequired: true),
          fields: [.optional(.currentPassword)], work: .hashing, outcomes: [.ok(.message, optionalHeaders: [.setCookie])],
          errors: [.recentLoginRequired, .wrongPassword, .throttled], problems: [.unknownSession])
      } + AuthRoutes.Route.logout)
}

extension AuthRoutes {
  fileprivate func listSessions(_ exchange: Exchange) async throws -> Response {
    let current = try exchange.requireSessionID()
    let userID = try await userID(of: current)
    exchange.record?.note(userID)
    let sessions = try await auth.sessions(of: userID).map { ListedSession($0, isCurrent: $0.id == current.digest) }
    return Response(encoding: ["sessions": sessions])
  }

  fileprivate func endSession(_ exchange: Exchange) async throws -> Response {
    let current = try exchange.requireSessionID()
    let id = Session.ID(hex: exchange.parameters.get("id") ?? "")
    // Read in any case, so that what is refused does not depend on whose session it is.
    let password = try await Form(exchange.request).currentPasswordIfAny
    // A logout never needs a recent login.
    let isLogout = id == current.digest
    let userID =
      isLogout
      ? try await userID(of: current)
      : try await auth.confirm(sessionID: current, password: password, from: exchange.client).id
    exchange.record?.note(userID)
    guard try await auth.endSession(id, of: userID, from: exchange.client) else {
      throw Problem(.unknownSession, "you have no such session")
    }
    var response = Response(json: ["message": "session ended"])
    if isLogout { response.headers[.setCookie] = policy.cookie.clearing }
    return response
  }

  /// `DELETE /sessions?others=true`, which arrives at the route of the logout and is passed on from there.
  func endOtherSessions(_ exchange: Exchange, _ others: Substring) async throws -> Response {
    let current = try exchange.requireSessionID()
    guard others.hasSameBytes(as: "true") else {
      throw Problem(.invalidQuery, "others can only be true", field: "others")
    }
    let password = try await Form(exchange.request).currentPasswordIfAny
    let user = try await auth.confirm(sessionID: current, password: password, from: exchange.client)
    exchange.record?.note(user.id)
    let count = try await auth.endSessions(of: user.id, except: current, from: exchange.client)
    return Response(json: ["message": "other sessions ended: \(count)"])
  }

  private func userID(of sessionID: SessionID) async throws -> User.ID {
    guard let profile = try await auth.profile(for: sessionID) else { throw AuthError.invalidSession }
    return profile.id
  }
}

/// A session as its user sees it. Values that are not known are left out.
private struct ListedSession: Encodable {
  let id: String
  let createdAt: String
  let lastUsedAt: String
  let expiresAt: String
  let address: String?
  let userAgent: String?
  /// Whether the request belongs to it.
  let isCurrent: Bool

  private enum CodingKeys: String, CodingKey {
    case id, address
    case createdAt = "created_at"
    case lastUsedAt = "last_used_at"
    case expiresAt = "expires_at"
    case userAgent = "user_agent"
    case isCurrent = "current"
  }

  init(_ session: Session, isCurrent: Bool) {
    id = session.id.hex
    createdAt = session.createdAt.rfc3339
    lastUsedAt = session.lastUsedAt.rfc3339
    expiresAt = session.expiresAt.rfc3339
    address = session.ipAddress
    userAgent = session.userAgent
    self.isCurrent = isCurrent
  }
}
