internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

// The routes with which users look after their account.

extension AuthRoutes {
  /// Not `"cookies"`, which would clear those of every host under the domain: ours is cleared by name.
  static let clearedSiteData = #""cache", "storage""#

  func changePassword(_ exchange: Exchange) async throws -> Response {
    let sessionID = try loggedIn(exchange)
    let form = try await Form(exchange.request)
    let (current, new) = try (form.currentPassword, form.text(.newPassword))
    do {
      let login = try await auth.serving(exchange.client).changePassword(sessionID: sessionID, current: current, new: new)
      var response = Response(json: ["email": login.user.email.text, "message": "password changed"])
      response.headers[.setCookie] = policy.cookie.setting(login.sessionID, lifetime: auth.policy.sessions.lifetime)
      return response
    } catch .invalidPassword(let problem) {
      return FormError.refused(.newPassword, problem.description).response
    }
  }

  func deleteUser(_ exchange: Exchange) async throws -> Response {
    let sessionID = try loggedIn(exchange)
    let password = try await Form(exchange.request).currentPassword
    try await auth.serving(exchange.client).deleteUser(sessionID: sessionID, password: password)
    var response = Response(json: ["message": "account deleted"])
    response.headers[.setCookie] = policy.cookie.clearing
    response.headers[.clearSiteData] = Self.clearedSiteData
    return response
  }

  func listSessions(_ exchange: Exchange) async throws -> Response {
    let current = try loggedIn(exchange)
    let sessions = try await auth.sessions(of: userID(of: current)).map { ListedSession($0, isCurrent: $0.id == current.digest) }
    return Response(encoding: ["sessions": sessions])
  }

  func endSession(_ exchange: Exchange) async throws -> Response {
    let current = try loggedIn(exchange)
    let id = Session.ID(hex: exchange.parameters.get("id") ?? "")
    // Leaving is free.
    let isLeaving = id == current.digest
    let userID = isLeaving ? try await userID(of: current) : try await confirmedUser(exchange, current).id
    guard try await auth.serving(exchange.client).endSession(id, of: userID) else {
      return Response(.notFound, message: "you have no such session")
    }
    var response = Response(json: ["message": "session ended"])
    if isLeaving { response.headers[.setCookie] = policy.cookie.clearing }
    return response
  }

  func endOtherSessions(_ exchange: Exchange, _ others: Substring) async throws -> Response {
    let current = try loggedIn(exchange)
    guard others.utf8.elementsEqual("true".utf8) else {
      return Response(.badRequest, message: "others can only be true")
    }
    let user = try await confirmedUser(exchange, current)
    let count = try await auth.serving(exchange.client).endSessions(of: user.id, except: current)
    return Response(json: ["message": "other sessions ended: \(count)"])
  }

  private func confirmedUser(_ exchange: Exchange, _ sessionID: SessionID) async throws -> User {
    let password = try await Form(exchange.request).currentPasswordIfAny
    return try await auth.serving(exchange.client).confirm(sessionID: sessionID, password: password)
  }

  private func loggedIn(_ exchange: Exchange) throws -> SessionID {
    guard let sessionID = try exchange.sessionID else { throw AuthError.invalidSession }
    return sessionID
  }

  private func userID(of sessionID: SessionID) async throws -> User.ID {
    guard let profile = try await auth.profile(for: sessionID) else { throw AuthError.invalidSession }
    return profile.id
  }
}

/// A session as its user sees it. What is not known is left out.
private struct ListedSession: Encodable {
  let id: String
  let createdAt: String
  let lastUsedAt: String
  let expiresAt: String
  let address: String?
  let userAgent: String?
  /// Whether it is that of the request.
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
    address = session.address
    userAgent = session.userAgent
    self.isCurrent = isCurrent
  }
}
