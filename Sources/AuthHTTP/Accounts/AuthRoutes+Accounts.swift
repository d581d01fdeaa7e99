internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

extension AuthRoutes.Feature {
  /// `POST /users`: opens an account or, where emails are verified, asks for one.
  public static let registration = Self(
    "registration", defaultUnder: [.classic, .strict],
    [
      .init(.post, "/users") {
        try await $0.register($1)
      } describedBy: { routes in
        if routes.verifiesEmails {
          return Operation(
            id: "register", summary: "Sends a message, with which the owner of the email opens an account.",
            fields: [.new(.email), .new(.password)], work: .hashing, outcomes: [.ok(.message, .registration)],
            links: [.init(id: "verifyEmail", fields: ["registration": "$response.body#/registration"])],
            errors: [.registrationClosed, .throttled])
        }
        return Operation(
          id: "register", summary: "Opens an account.", fields: [.new(.email), .new(.password)], work: .hashing,
          outcomes: [.ok(.email, .message)],
          links: [
            .init(id: "logIn", fields: ["email": "$response.body#/email", "password": "$request.body#/password"]),
            .init(id: "requestPasswordReset", fields: ["email": "$response.body#/email"]),
          ], errors: [.registrationClosed, .emailTaken, .throttled])
      }
    ])

  /// `GET /profile`: whose session this is.
  public static let profile = Self(
    "profile", defaultUnder: [.classic, .strict],
    [
      .init(.get, "/profile") {
        try await $0.profile($1)
      } describedBy: { routes in
        Operation(
          id: "getProfile", summary: "Whose session this is.", credential: .session(isRequired: true),
          outcomes: [routes.auth.policy.profile == .strict ? .ok(.email, .id) : .ok(.email)])
      }
    ])

  /// `DELETE /profile`, also as `POST /profile/delete`: deletes the account of the session's user.
  public static let accountDeletion = Self(
    "accountDeletion", defaultUnder: [.strict],
    AuthRoutes.Route.delete("/profile") {
      try await $0.deleteUser($1)
    } describedBy: { routes in
      Operation(
        id: "deleteAccount", summary: "Deletes the account and its sessions.", credential: .session(isRequired: true),
        fields: [.required(.currentPassword)], work: .hashing,
        outcomes: [.ok(.message, headers: routes.policy.forgettingHeaders.map(\.name))], errors: [.wrongPassword, .throttled])
    })
}

extension AuthRoutes {
  fileprivate var verifiesEmails: Bool { auth.policy.emailVerification.requirement != .off }

  fileprivate func register(_ exchange: Exchange) async throws -> Response {
    let form = try await Form(exchange.request)
    let (email, password) = try (form.text(.email), form.text(.password))
    do throws(AuthError) {
      if verifiesEmails {
        let id = try await auth.requestRegistration(email: email, password: password, from: exchange.client)
        return Response(
          json: ["message": "a message is on its way to this email; the account opens with it", "registration": id.text])
      }
      let user = try await auth.register(email: email, password: password, from: exchange.client)
      exchange.record?.note(user.id)
      return Response(json: ["email": user.email.text, "message": "user created"])
    } catch {
      switch error {
      case .userExists:
        throw Problem(emailTaken: error)
      case .invalidEmail: throw FormError.refused(.email, error)
      case .invalidPassword: throw FormError.refused(.password, error)
      default: throw error
      }
    }
  }

  fileprivate func profile(_ exchange: Exchange) async throws -> Response {
    guard let profile = try await auth.profile(for: exchange.sessionID) else { throw Problem.notLoggedIn }
    exchange.record?.note(profile.id)
    return auth.policy.profile == .strict
      ? Response(json: ["email": profile.email.text, "id": "\(profile.id)"])
      : Response(json: ["email": profile.email.text])
  }

  fileprivate func deleteUser(_ exchange: Exchange) async throws -> Response {
    let sessionID = try exchange.requireSessionID()
    let password = try await Form(exchange.request).currentPassword
    let userID = try await auth.deleteUser(sessionID: sessionID, password: password, from: exchange.client)
    exchange.record?.note(userID)
    var response = Response(json: ["message": "account deleted"])
    response.headers.append(contentsOf: policy.forgettingHeaders)
    return response
  }
}

extension Problem {
  /// An account has the email.
  init(emailTaken error: AuthError) {
    self.init(error.status, code: error.code, "email already registered", field: Form.Field.email.rawValue)
  }
}
