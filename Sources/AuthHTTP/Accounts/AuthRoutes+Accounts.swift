internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

extension AuthRoutes.Feature {
  /// `POST /users`: opens an account or, where emails are verified before a login, asks for one.
  public static let registration = Self(
    "registration", defaultUnder: [.classic, .strict],
    [
      .init(.post, "/users") {
        try await $0.register($1)
      } describedBy: { routes in
        let verification = Operation.Link(id: "verifyEmail", fields: ["registration": "$response.body#/registration"])
        let login = Operation.Link(
          id: "logIn", fields: ["email": "$response.body#/email", "password": "$request.body#/password"])
        switch routes.auth.policy.emailVerification.requirement {
        case .beforeLogin:
          return Operation(
            id: "register", summary: "Sends a message, with which the owner of the email opens an account.",
            fields: [.new(.email), .new(.password)], work: .hashing, outcomes: [.ok(.message, .registration)],
            links: [verification], errors: [.registrationClosed, .throttled])
        case .beforeRecovery:
          return Operation(
            id: "register", summary: "Opens an account, and sends a message with which the owner of the email verifies it.",
            fields: [.new(.email), .new(.password)], work: .hashing,
            outcomes: [
              .init(status: .ok, bodies: [.init([.email, .message, .registration]), .init([.message, .registration])])
            ], links: [verification, login], errors: [.registrationClosed, .emailTaken, .throttled])
        case .off:
          return Operation(
            id: "register", summary: "Opens an account.", fields: [.new(.email), .new(.password)], work: .hashing,
            outcomes: [.ok(.email, .message)],
            links: [login, .init(id: "requestPasswordReset", fields: ["email": "$response.body#/email"])],
            errors: [.registrationClosed, .emailTaken, .throttled])
        }
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
  fileprivate func register(_ exchange: Exchange) async throws -> Response {
    let form = try await Form(exchange.request)
    let (email, password) = try (form.text(.email), form.text(.password))
    do throws(AuthError) {
      switch auth.policy.emailVerification.requirement {
      case .beforeLogin:
        return waiting(try await auth.requestRegistration(email: email, password: password, from: exchange.client))
      case .beforeRecovery:
        let opened = try await auth.openUnverifiedAccount(email: email, password: password, from: exchange.client)
        guard let user = opened.user else { return waiting(opened.id) }
        exchange.record?.note(user.id)
        return Response(json: ["email": user.email.text, "message": "user created", "registration": opened.id.text])
      case .off:
        let user = try await auth.register(email: email, password: password, from: exchange.client)
        exchange.record?.note(user.id)
        return Response(json: ["email": user.email.text, "message": "user created"])
      }
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

  private func waiting(_ registration: RegistrationID) -> Response {
    Response(
      json: ["message": "a message is on its way to this email; the account opens with it", "registration": registration.text])
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
