internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

extension AuthRoutes.Feature {
  /// `POST /introspect` (RFC 7662): a back end with a service key asks about a session id that it was given. Mounted only if
  /// there is a service key.
  public static let introspection = Self(
    "introspection", defaultUnder: [.classic, .strict],
    [
      .init(.post, "/introspect") {
        try await $0.introspect($1)
      } describedBy: { _ in
        Operation(
          id: "introspect", summary: "Whose session an id is, for back ends (RFC 7662).",
          credential: .serviceKey(isRequired: true), fields: [.required(.token)],
          outcomes: [.ok(.active, optional: [.amr, .authTime, .email, .exp, .iat, .sub])])
      }
    ], if: { !$0.serviceKeys.isEmpty })
}

extension AuthRoutes {
  fileprivate func introspect(_ exchange: Exchange) async throws -> Response {
    try requireServiceKey(exchange.request)
    let token = try await Form(exchange.request).text(.token)
    guard let session = try await auth.details(for: SessionID(token)) else { return Response(json: [("active", false)]) }
    exchange.record?.note(session.user.id)
    let times: [JSONMember] = [("exp", session.expiresAt.secondsSince1970), ("iat", session.createdAt.secondsSince1970)]
    var authentication: [JSONMember] = []
    if let authenticatedAt = session.authenticatedAt {
      authentication = [("amr", session.methods.map(\.rawValue)), ("auth_time", authenticatedAt.secondsSince1970)]
    }
    let user: [JSONMember] = [("email", session.user.email.text), ("sub", "\(session.user.id)")]
    return Response(json: [("active", true)] + authentication + user + times)
  }

  /// RFC 7662, 2.3: 401 without a key, or with a wrong one.
  private func requireServiceKey(_ request: Request) throws {
    let refusal: Problem
    do {
      guard try !hasServiceKey(request) else { return }
      refusal = Problem(.serviceKeyRequired, "send a service key: Authorization: Bearer <key>")
    } catch .wrongServiceKey {
      let wrong = RequestRefusal.wrongServiceKey.problem
      refusal = Problem(.unauthorized, code: wrong.code, wrong.message)
    }
    throw refusal.with([.wwwAuthenticate: Problem.sessionChallenge])
  }
}
