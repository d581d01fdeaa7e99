internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

extension AuthRoutes.Feature {
  /// `PUT /email`, `PUT /confirm_email` and `PUT /take_back_email`: a logged-in user asks for another email, a reader of the new
  /// one confirms it, and a reader of the former one takes it back. The links of the messages lead to pages, which send the last
  /// two: programs that open links to look at them change nothing.
  public static let emailChange = Self(
    "emailChange", defaultUnder: [.strict],
    [
      .init(.put, "/email") {
        try await $0.requestEmailChange($1)
      } describedBy: { _ in
        Operation(
          id: "requestEmailChange",
          summary: "Sends a message to the new email, with which the email changes, and one to the present email.",
          credential: .session(isRequired: true), fields: [.new(.email), .optional(.currentPassword)], work: .hashing,
          outcomes: [.ok(.message)], errors: [.emailUnchanged, .recentLoginRequired, .wrongPassword, .throttled])
      },
      .init(.put, "/confirm_email") {
        try await $0.confirmEmail($1)
      } describedBy: { _ in
        Operation(
          id: "confirmEmail",
          summary: "Changes the email, with the token of its link and the password or a session, or with its code and a session.",
          credential: .session(isRequired: false),
          fields: [.optional(.emailChangeToken), .optional(.password), .optional(.code)],
          alternatives: [[.emailChangeToken], [.code]], work: .hashing,
          outcomes: [.ok(.email, .id, .message)],
          errors: [.loginRequired, .invalidVerification, .wrongPassword, .throttled, .emailTaken])
      },
      .init(.put, "/take_back_email") {
        try await $0.takeBackEmail($1)
      } describedBy: { _ in
        Operation(
          id: "takeBackEmail",
          summary: "Stops or undoes a change of the email, sets a new password and ends all sessions.",
          fields: [.required(.takeBackToken), .new(.newPassword)], work: .hashing, outcomes: [.ok(.email, .message)],
          errors: [.invalidTakeBack, .throttled, .emailTaken])
      },
    ])
}

extension AuthRoutes {
  fileprivate func requestEmailChange(_ exchange: Exchange) async throws -> Response {
    let sessionID = try exchange.requireSessionID()
    let form = try await Form(exchange.request)
    let (email, password) = try (form.text(.email), form.currentPasswordIfAny)
    do throws(AuthError) {
      try await auth.requestEmailChange(sessionID: sessionID, to: email, password: password, from: exchange.client)
    } catch {
      switch error {
      case .invalidEmail, .emailUnchanged: throw FormError.refused(.email, error)
      default: throw error
      }
    }
    return Response(json: ["message": "a message is on its way to the new email; nothing changes until it is confirmed"])
  }

  fileprivate func confirmEmail(_ exchange: Exchange) async throws -> Response {
    let user = try await confirmEmail(Form(exchange.request), exchange)
    return Response(json: ["email": user.email.text, "id": "\(user.id)", "message": "email changed"])
  }

  /// What the route and the page do.
  func confirmEmail(_ form: Form, _ exchange: Exchange) async throws -> User {
    do {
      let user = try await confirm(form, exchange)
      exchange.record?.note(user.id)
      return user
    } catch let error as AuthError {
      if case .userExists = error { throw Problem(emailTaken: error) }
      throw error
    }
  }

  private func confirm(_ form: Form, _ exchange: Exchange) async throws -> User {
    guard form.has(.emailChangeToken) || !form.has(.code) else {
      let code = try VerificationCode(form.text(.code))
      return try await auth.confirmEmailChange(code: code, sessionID: exchange.requireSessionID(), from: exchange.client)
    }
    let token = try EmailChangeToken(form.text(.emailChangeToken))
    guard form.has(.password) else {
      return try await auth.confirmEmailChange(token: token, sessionID: exchange.requireSessionID(), from: exchange.client)
    }
    return try await auth.confirmEmailChange(token: token, password: form.text(.password), from: exchange.client)
  }

  fileprivate func takeBackEmail(_ exchange: Exchange) async throws -> Response {
    let user = try await takeBackEmail(Form(exchange.request), exchange)
    return Response(json: ["email": user.email.text, "message": "the email is yours again, with the new password"])
  }

  /// What the route and the page do.
  func takeBackEmail(_ form: Form, _ exchange: Exchange) async throws -> User {
    let (token, password) = try (TakeBackToken(form.text(.takeBackToken)), form.text(.newPassword))
    do throws(AuthError) {
      let user = try await auth.takeBackEmail(token: token, newPassword: password, from: exchange.client)
      exchange.record?.note(user.id)
      return user
    } catch {
      switch error {
      case .invalidPassword: throw FormError.refused(.newPassword, error)
      case .userExists: throw Problem(emailTaken: error)
      default: throw error
      }
    }
  }
}
