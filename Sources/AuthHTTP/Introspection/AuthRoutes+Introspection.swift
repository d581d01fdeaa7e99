internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

extension AuthRoutes.Feature {
  /// `POST /introspect` (RFC 7662): a back end with a service key asks about a session id that it was given. Mounted only if
  /// there is a service key.
  public static let introspection = Self(
    "introspection", defaultUnder: [.classic, .strict],
    [
      .init(.post, "/introspect") { try await $0.introspect($1) }
    ], if: { !$0.serviceKeys.isEmpty })
}

extension AuthRoutes {
  fileprivate func introspect(_ exchange: Exchange) async throws -> Response {
    try requireServiceKey(exchange.request)
    let token = try await Form(exchange.request).text(.token)
    guard let session = try await auth.details(for: SessionID(token)) else { return Response(json: [("active", false)]) }
    exchange.record?.note(session.user.id)
    var members: [JSONMember] = [
      ("active", true), ("email", session.user.email.text), ("exp", session.expiresAt.secondsSince1970),
      ("iat", session.createdAt.secondsSince1970), ("sub", "\(session.user.id)"),
    ]
    if let authenticatedAt = session.authenticatedAt {
      members += [("amr", session.methods.map(\.rawValue)), ("auth_time", authenticatedAt.secondsSince1970)]
    }
    return Response(json: members)
  }

  /// RFC 7662, 2.3: 401 without a key, or with a wrong one.
  private func requireServiceKey(_ request: Request) throws {
    let refusal: Problem
    do {
      guard try !hasServiceKey(request) else { return }
      refusal = Problem(.unauthorized, .serviceKeyRequired, "send a service key: Authorization: Bearer <key>")
    } catch .wrongServiceKey {
      let wrong = RequestRefusal.wrongServiceKey.problem
      refusal = Problem(.unauthorized, .wrongServiceKey, wrong.message)
    }
    throw refusal.with([.wwwAuthenticate: Problem.sessionChallenge])
  }
}
