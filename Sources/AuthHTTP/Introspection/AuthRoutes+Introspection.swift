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
    // In alphabetical order, so that they need not be sorted.
    var members: [JSONMember] = [("active", true)]
    if let authenticatedAt = session.authenticatedAt {
      members.append(("amr", session.methods.map(\.rawValue)))
      members.append(("auth_time", authenticatedAt.secondsSince1970))
    }
    members.append(("email", session.user.email.text))
    members.append(("exp", session.expiresAt.secondsSince1970))
    members.append(("iat", session.createdAt.secondsSince1970))
    members.append(("sub", "\(session.user.id)"))
    return Response(inOrder: members)
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
